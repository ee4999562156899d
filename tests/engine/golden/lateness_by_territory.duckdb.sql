WITH "t9" AS (
  SELECT
    *
  FROM "items" AS "t2"
  WHERE
    "t2"."kind" IN ('invoice', 'debit_note', 'opening')
    AND "t2"."sign" > 0
    AND "t2"."date" <= CAST('2024-03-31' AS DATE)
)
SELECT
  *
FROM (
  SELECT
    "t37"."key",
    "t37"."currency",
    COUNT(*) AS "settled",
    CAST(CAST(SUM(CASE WHEN "t37"."late_days" > 0 THEN 1 ELSE 0 END) AS DECIMAL(38, 0)) AS BIGINT) AS "late",
    CAST(CAST(SUM("t37"."late_days") AS DECIMAL(38, 0)) AS BIGINT) AS "days_late",
    CAST(CAST(SUM("t37"."taken") AS DECIMAL(38, 0)) AS BIGINT) AS "days_to_settle",
    CAST(CAST(SUM("t37"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "amount",
    CAST(CAST(SUM(CASE WHEN "t37"."late_days" > 0 THEN "t37"."amount" ELSE 0 END) AS DECIMAL(38, 0)) AS BIGINT) AS "late_amount",
    CAST(SUM(
      CAST("t37"."amount" AS DECIMAL(20, 0)) * CAST("t37"."late_days" AS DECIMAL(9, 0))
    ) AS DECIMAL(38, 0)) AS "amount_days_late"
  FROM (
    SELECT
      "t36"."item",
      "t36"."customer",
      "t36"."number",
      "t36"."currency",
      "t36"."seller",
      "t36"."date",
      "t36"."due",
      "t36"."amount",
      "t36"."settled",
      "t36"."late_days",
      "t36"."taken",
      "t8"."key"
    FROM (
      SELECT
        "t34"."item",
        COALESCE("t34"."survivor", "t34"."customer") AS "customer",
        "t34"."number",
        "t34"."currency",
        "t34"."seller",
        "t34"."date",
        "t34"."due",
        "t34"."amount",
        "t34"."settled",
        "t34"."late_days",
        "t34"."taken"
      FROM (
        SELECT
          "t33"."item",
          "t33"."customer",
          "t33"."number",
          "t33"."currency",
          "t33"."seller",
          "t33"."date",
          "t33"."due",
          "t33"."amount",
          "t33"."settled",
          "t33"."late_days",
          "t33"."taken",
          "t17"."merged",
          "t17"."survivor"
        FROM (
          SELECT
            "t31"."item",
            "t31"."customer",
            "t31"."number",
            "t31"."currency",
            "t31"."seller",
            "t31"."date",
            "t31"."due",
            "t31"."amount",
            "t31"."settled",
            CASE
              WHEN DATE_DIFF('DAY', "t31"."due", "t31"."settled") > 0
              THEN DATE_DIFF('DAY', "t31"."due", "t31"."settled")
              ELSE 0
            END AS "late_days",
            DATE_DIFF('DAY', "t31"."date", "t31"."settled") AS "taken"
          FROM (
            SELECT
              "t30"."item",
              "t5"."customer",
              "t5"."number",
              "t5"."currency",
              "t5"."seller",
              "t5"."date",
              "t5"."due",
              "t5"."amount",
              "t30"."settled"
            FROM (
              SELECT
                "t28"."item",
                MAX("t28"."closed") AS "settled"
              FROM (
                SELECT
                  "t27"."item",
                  "t27"."closed"
                FROM (
                  SELECT
                    "t26"."item",
                    "t26"."closed",
                    CAST(CAST(SUM("t26"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "cash"
                  FROM (
                    SELECT
                      "t25"."item",
                      "t25"."closed",
                      "t21"."debit",
                      "t21"."on",
                      "t21"."amount"
                    FROM (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t15"."item",
                          "t15"."until" AS "closed"
                        FROM (
                          SELECT
                            *
                          FROM "steps" AS "t3"
                          WHERE
                            "t3"."debit" AND "t3"."until" <= CAST('2024-03-31' AS DATE)
                        ) AS "t15"
                        ANTI JOIN (
                          SELECT
                            "t3"."item" AS "next_item",
                            "t3"."since" AS "again"
                          FROM "steps" AS "t3"
                        ) AS "t10"
                          ON "t15"."item" = "t10"."next_item" AND "t15"."until" = "t10"."again"
                        SEMI JOIN "t9" AS "t19"
                          ON "t15"."item" = "t19"."id"
                      ) AS "t23"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t18"."id" AS "item",
                          "t18"."date" AS "closed"
                        FROM "t9" AS "t18"
                        ANTI JOIN (
                          SELECT
                            "t3"."item" AS "next_item",
                            "t3"."since" AS "again"
                          FROM "steps" AS "t3"
                        ) AS "t10"
                          ON "t18"."id" = "t10"."next_item" AND "t18"."date" = "t10"."again"
                      ) AS "t22"
                    ) AS "t25"
                    INNER JOIN (
                      SELECT
                        "t4"."debit_id" AS "debit",
                        "t4"."date" AS "on",
                        CASE WHEN "t4"."undo" THEN -(
                          "t4"."amount"
                        ) ELSE "t4"."amount" END AS "amount"
                      FROM "matches" AS "t4"
                      WHERE
                        "t4"."credit_kind" = 'payment' AND "t4"."date" <= CAST('2024-03-31' AS DATE)
                    ) AS "t21"
                      ON "t25"."item" = "t21"."debit" AND "t21"."on" <= "t25"."closed"
                  ) AS "t26"
                  GROUP BY
                    1,
                    2
                ) AS "t27"
                WHERE
                  "t27"."cash" > 0
              ) AS "t28"
              GROUP BY
                1
            ) AS "t30"
            ANTI JOIN (
              SELECT
                "t3"."item" AS "open_item"
              FROM "steps" AS "t3"
              WHERE
                "t3"."since" <= CAST('2024-03-31' AS DATE)
                AND (
                  (
                    "t3"."until" IS NULL
                  ) OR (
                    "t3"."until" > CAST('2024-03-31' AS DATE)
                  )
                )
            ) AS "t20"
              ON "t30"."item" = "t20"."open_item"
            INNER JOIN "items" AS "t5"
              ON "t30"."item" = "t5"."id"
          ) AS "t31"
        ) AS "t33"
        LEFT OUTER JOIN (
          SELECT
            "t1"."code" AS "merged",
            "t1"."survivor"
          FROM "survivors" AS "t1"
          WHERE
            "t1"."since" <= CAST('2024-03-31' AS DATE)
            AND (
              (
                "t1"."until" IS NULL
              ) OR (
                "t1"."until" > CAST('2024-03-31' AS DATE)
              )
            )
        ) AS "t17"
          ON "t33"."customer" = "t17"."merged"
      ) AS "t34"
    ) AS "t36"
    LEFT OUTER JOIN (
      SELECT
        "t0"."code",
        "t0"."territory" AS "key"
      FROM "customers" AS "t0"
    ) AS "t8"
      ON "t36"."customer" = "t8"."code"
  ) AS "t37"
  GROUP BY
    1,
    2
) AS "t38"
ORDER BY
  "t38"."currency" ASC,
  "t38"."key" ASC NULLS FIRST
