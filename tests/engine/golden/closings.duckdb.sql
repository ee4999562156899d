WITH "t5" AS (
  SELECT
    *
  FROM "items" AS "t1"
  WHERE
    "t1"."kind" IN ('invoice', 'debit_note', 'opening')
    AND "t1"."sign" > 0
    AND "t1"."date" <= CAST('2024-03-31' AS DATE)
)
SELECT
  *
FROM (
  SELECT
    "t6"."item",
    "t6"."until" AS "closed"
  FROM (
    SELECT
      *
    FROM "steps" AS "t0"
    WHERE
      "t0"."debit" AND "t0"."until" <= CAST('2024-03-31' AS DATE)
  ) AS "t6"
  ANTI JOIN (
    SELECT
      "t0"."item" AS "next_item",
      "t0"."since" AS "again"
    FROM "steps" AS "t0"
  ) AS "t3"
    ON "t6"."item" = "t3"."next_item" AND "t6"."until" = "t3"."again"
  SEMI JOIN "t5" AS "t9"
    ON "t6"."item" = "t9"."id"
) AS "t11"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t8"."id" AS "item",
    "t8"."date" AS "closed"
  FROM "t5" AS "t8"
  ANTI JOIN (
    SELECT
      "t0"."item" AS "next_item",
      "t0"."since" AS "again"
    FROM "steps" AS "t0"
  ) AS "t3"
    ON "t8"."id" = "t3"."next_item" AND "t8"."date" = "t3"."again"
) AS "t10"
