SELECT
  *
FROM (
  SELECT
    "t1"."currency",
    "t1"."month",
    "t1"."days",
    CAST(CAST(SUM("t1"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "amount"
  FROM (
    SELECT
      "t0"."currency",
      (
        EXTRACT(year FROM "t0"."date") * 12
      ) + EXTRACT(month FROM "t0"."date") AS "month",
      DATE_DIFF('DAY', "t0"."debit_due", "t0"."paid") AS "days",
      CASE WHEN "t0"."undo" THEN -(
        "t0"."amount"
      ) ELSE "t0"."amount" END AS "amount"
    FROM "matches" AS "t0"
    WHERE
      "t0"."date" <= CAST('2024-03-31' AS DATE)
      AND "t0"."credit_kind" = 'payment'
      AND "t0"."debit_kind" IN ('invoice', 'debit_note', 'opening')
  ) AS "t1"
  GROUP BY
    1,
    2,
    3
) AS "t2"
ORDER BY
  "t2"."currency" ASC,
  "t2"."month" ASC,
  "t2"."days" ASC
