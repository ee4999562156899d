WITH "t6" AS (
  SELECT
    *
  FROM "items" AS "t2"
  WHERE
    "t2"."kind" IN ('invoice', 'debit_note', 'opening')
    AND "t2"."sign" > 0
    AND "t2"."date" <= CAST('2024-03-31' AS DATE)
)
SELECT
  "t18"."item",
  "t18"."closed"
FROM (
  SELECT
    "t17"."item",
    "t17"."closed",
    CAST(CAST(SUM("t17"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "cash"
  FROM (
    SELECT
      "t16"."item",
      "t16"."closed",
      "t10"."debit",
      "t10"."on",
      "t10"."amount"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t8"."item",
          "t8"."until" AS "closed"
        FROM (
          SELECT
            *
          FROM "steps" AS "t1"
          WHERE
            "t1"."debit" AND "t1"."until" <= CAST('2024-03-31' AS DATE)
        ) AS "t8"
        ANTI JOIN (
          SELECT
            "t1"."item" AS "next_item",
            "t1"."since" AS "again"
          FROM "steps" AS "t1"
        ) AS "t4"
          ON "t8"."item" = "t4"."next_item" AND "t8"."until" = "t4"."again"
        SEMI JOIN "t6" AS "t12"
          ON "t8"."item" = "t12"."id"
      ) AS "t14"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          "t11"."id" AS "item",
          "t11"."date" AS "closed"
        FROM "t6" AS "t11"
        ANTI JOIN (
          SELECT
            "t1"."item" AS "next_item",
            "t1"."since" AS "again"
          FROM "steps" AS "t1"
        ) AS "t4"
          ON "t11"."id" = "t4"."next_item" AND "t11"."date" = "t4"."again"
      ) AS "t13"
    ) AS "t16"
    INNER JOIN (
      SELECT
        "t0"."debit_id" AS "debit",
        "t0"."date" AS "on",
        CASE WHEN "t0"."undo" THEN -(
          "t0"."amount"
        ) ELSE "t0"."amount" END AS "amount"
      FROM "matches" AS "t0"
      WHERE
        "t0"."credit_kind" = 'payment' AND "t0"."date" <= CAST('2024-03-31' AS DATE)
    ) AS "t10"
      ON "t16"."item" = "t10"."debit" AND "t10"."on" <= "t16"."closed"
  ) AS "t17"
  GROUP BY
    1,
    2
) AS "t18"
WHERE
  "t18"."cash" > 0
