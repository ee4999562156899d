SELECT
  *
FROM "steps" AS "t0"
WHERE
  "t0"."since" <= CAST('2024-03-31' AS DATE)
  AND (
    (
      "t0"."until" IS NULL
    ) OR (
      "t0"."until" > CAST('2024-03-31' AS DATE)
    )
  )
