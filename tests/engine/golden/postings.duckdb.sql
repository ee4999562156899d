SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t1"."id" AS "item",
      "t1"."date",
      "t1"."amount" * CAST("t1"."sign" AS BIGINT) AS "amount",
      CAST("t1"."sign" AS BIGINT) > 0 AS "debit",
      "t1"."due",
      "t1"."currency"
    FROM "items" AS "t1"
    WHERE
      CAST("t1"."sign" AS BIGINT) <> 0
  ) AS "t3"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      "t0"."debit_id" AS "item",
      "t0"."date",
      CASE WHEN "t0"."undo" THEN "t0"."amount" ELSE -(
        "t0"."amount"
      ) END AS "amount",
      TRUE AS "debit",
      "t0"."debit_due" AS "due",
      "t0"."currency"
    FROM "matches" AS "t0"
  ) AS "t2"
) AS "t5"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t0"."credit_id" AS "item",
    "t0"."date",
    -(
      CASE WHEN "t0"."undo" THEN "t0"."amount" ELSE -(
        "t0"."amount"
      ) END
    ) AS "amount",
    FALSE AS "debit",
    "t0"."credit_date" AS "due",
    "t0"."currency"
  FROM "matches" AS "t0"
) AS "t4"
