SELECT
  *
FROM (
  SELECT
    "t1"."currency",
    "t1"."month",
    CAST(CAST(SUM("t1"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "amount"
  FROM (
    SELECT
      "t0"."id",
      "t0"."customer",
      "t0"."number",
      "t0"."entry",
      "t0"."kind",
      "t0"."date",
      "t0"."due",
      "t0"."amount",
      "t0"."tax",
      "t0"."currency",
      "t0"."reference",
      "t0"."order",
      "t0"."seller",
      "t0"."reason",
      "t0"."sign",
      (
        EXTRACT(year FROM "t0"."date") * 12
      ) + EXTRACT(month FROM "t0"."date") AS "month"
    FROM "items" AS "t0"
    WHERE
      "t0"."kind" IN ('invoice', 'debit_note')
      AND "t0"."sign" > 0
      AND "t0"."date" <= CAST('2024-03-31' AS DATE)
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
ORDER BY
  "t2"."currency" ASC,
  "t2"."month" ASC
