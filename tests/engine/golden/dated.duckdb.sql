SELECT
  "t8"."what",
  "t8"."rows"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t4"."rows",
      0 AS "what"
    FROM (
      SELECT
        COUNT(*) AS "rows"
      FROM (
        SELECT
          *
        FROM "items" AS "t0"
        WHERE
          "t0"."date" > CAST('2024-02-29' AS DATE)
          AND "t0"."date" <= CAST('2024-03-31' AS DATE)
      ) AS "t2"
    ) AS "t4"
  ) AS "t6"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      "t5"."rows",
      1 AS "what"
    FROM (
      SELECT
        COUNT(*) AS "rows"
      FROM (
        SELECT
          *
        FROM "matches" AS "t1"
        WHERE
          "t1"."date" > CAST('2024-02-29' AS DATE)
          AND "t1"."date" <= CAST('2024-03-31' AS DATE)
      ) AS "t3"
    ) AS "t5"
  ) AS "t7"
) AS "t8"
