SELECT
  *
FROM (
  SELECT
    "t1"."currency",
    "t1"."kind",
    "t1"."reason",
    "t1"."date",
    CAST(CAST(SUM("t1"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "amount"
  FROM (
    SELECT
      "t0"."currency",
      "t0"."kind",
      "t0"."date",
      CASE
        WHEN "t0"."reason" IN ('opening', 'discount')
        THEN "t0"."reason"
        ELSE CAST(NULL AS TEXT)
      END AS "reason",
      CASE
        WHEN (
          "t0"."entry" % 2
        ) = 0
        THEN -(
          "t0"."amount"
        )
        ELSE "t0"."amount"
      END AS "amount"
    FROM "items" AS "t0"
    WHERE
      "t0"."date" <= CAST('2024-03-31' AS DATE)
  ) AS "t1"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t2"
ORDER BY
  "t2"."currency" ASC,
  "t2"."date" ASC,
  "t2"."kind" ASC,
  "t2"."reason" ASC NULLS FIRST
