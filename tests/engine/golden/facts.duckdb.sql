SELECT
  *
FROM (
  SELECT
    "t19"."customer",
    "t19"."currency",
    CAST(CAST(SUM(COALESCE("t19"."open", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "open",
    CAST(CAST(SUM(COALESCE("t19"."overdue", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "overdue",
    CAST(CAST(SUM(COALESCE("t19"."unapplied", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "unapplied",
    CAST(CAST(SUM(COALESCE("t19"."current", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "current",
    CAST(CAST(SUM(COALESCE("t19"."overdue_items", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "overdue_items",
    CAST(CAST(SUM(COALESCE("t19"."contribution", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "contribution",
    CAST(CAST(SUM(COALESCE("t19"."sales_quarter", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "sales_quarter",
    CAST(CAST(SUM(COALESCE("t19"."invoices", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "invoices",
    CAST(CAST(SUM(COALESCE("t19"."paid", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "paid",
    CAST(CAST(SUM(COALESCE("t19"."on_time", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "on_time",
    CAST(CAST(SUM(COALESCE("t19"."payments", 0)) AS DECIMAL(38, 0)) AS BIGINT) AS "payments",
    MAX("t19"."last_invoice") AS "last_invoice",
    CAST(SUM("t19"."delay_days") AS DECIMAL(38, 0)) AS "delay_days"
  FROM (
    SELECT
      COALESCE("t18"."survivor", "t18"."customer") AS "customer",
      "t18"."currency",
      "t18"."open",
      "t18"."overdue",
      "t18"."unapplied",
      "t18"."current",
      "t18"."overdue_items",
      "t18"."delay_days",
      "t18"."contribution",
      "t18"."sales_quarter",
      "t18"."invoices",
      "t18"."last_invoice",
      "t18"."paid",
      "t18"."on_time",
      "t18"."payments"
    FROM (
      SELECT
        "t17"."customer",
        "t17"."currency",
        "t17"."open",
        "t17"."overdue",
        "t17"."unapplied",
        "t17"."current",
        "t17"."overdue_items",
        "t17"."delay_days",
        "t17"."contribution",
        "t17"."sales_quarter",
        "t17"."invoices",
        "t17"."last_invoice",
        "t17"."paid",
        "t17"."on_time",
        "t17"."payments",
        "t6"."merged",
        "t6"."survivor"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t9"."customer",
            "t9"."currency",
            CAST(NULL AS BIGINT) AS "open",
            CAST(NULL AS BIGINT) AS "overdue",
            CAST(NULL AS BIGINT) AS "unapplied",
            CAST(NULL AS BIGINT) AS "current",
            CAST(NULL AS BIGINT) AS "overdue_items",
            "t9"."delay_days",
            CAST(NULL AS BIGINT) AS "contribution",
            CAST(NULL AS BIGINT) AS "sales_quarter",
            CAST(NULL AS BIGINT) AS "invoices",
            CAST(NULL AS DATE) AS "last_invoice",
            "t9"."paid",
            "t9"."on_time",
            "t9"."payments"
          FROM (
            SELECT
              "t4"."currency",
              "t4"."debit_customer" AS "customer",
              CAST(CAST(SUM("t4"."received") AS DECIMAL(38, 0)) AS BIGINT) AS "paid",
              CAST(CAST(SUM(CASE WHEN "t4"."late" <= 0 THEN "t4"."received" ELSE 0 END) AS DECIMAL(38, 0)) AS BIGINT) AS "on_time",
              CAST(CAST(SUM("t4"."one") AS DECIMAL(38, 0)) AS BIGINT) AS "payments",
              CAST(SUM(CAST("t4"."received" AS DECIMAL(20, 0)) * CAST("t4"."late" AS DECIMAL(9, 0))) AS DECIMAL(38, 0)) AS "delay_days"
            FROM (
              SELECT
                "t1"."id",
                "t1"."key",
                "t1"."date",
                "t1"."paid",
                "t1"."undo",
                "t1"."amount",
                "t1"."currency",
                "t1"."debit_id",
                "t1"."debit_customer",
                "t1"."debit_date",
                "t1"."debit_due",
                "t1"."debit_kind",
                "t1"."debit_seller",
                "t1"."credit_id",
                "t1"."credit_customer",
                "t1"."credit_date",
                "t1"."credit_kind",
                "t1"."credit_seller",
                CASE WHEN "t1"."undo" THEN -(
                  "t1"."amount"
                ) ELSE "t1"."amount" END AS "received",
                CASE WHEN "t1"."undo" THEN -1 ELSE 1 END AS "one",
                DATE_DIFF('DAY', "t1"."debit_due", "t1"."paid") AS "late"
              FROM "matches" AS "t1"
              WHERE
                "t1"."date" <= CAST('2024-03-31' AS DATE)
                AND "t1"."date" > CAST('2023-04-01' AS DATE)
                AND "t1"."credit_kind" = 'payment'
                AND "t1"."debit_kind" IN ('invoice', 'debit_note', 'opening')
            ) AS "t4"
            GROUP BY
              1,
              2
          ) AS "t9"
        ) AS "t11"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t12"."customer",
              "t12"."currency",
              "t12"."open",
              "t12"."overdue",
              "t12"."unapplied",
              "t12"."current",
              "t12"."overdue_items",
              "t12"."delay_days",
              CAST(NULL AS BIGINT) AS "contribution",
              CAST(NULL AS BIGINT) AS "sales_quarter",
              CAST(NULL AS BIGINT) AS "invoices",
              CAST(NULL AS DATE) AS "last_invoice",
              CAST(NULL AS BIGINT) AS "paid",
              CAST(NULL AS BIGINT) AS "on_time",
              CAST(NULL AS BIGINT) AS "payments"
            FROM (
              SELECT
                "t7"."customer",
                "t7"."currency",
                CAST(CAST(SUM("t7"."open") AS DECIMAL(38, 0)) AS BIGINT) AS "open",
                CAST(CAST(SUM("t7"."overdue") AS DECIMAL(38, 0)) AS BIGINT) AS "overdue",
                CAST(CAST(SUM("t7"."unapplied") AS DECIMAL(38, 0)) AS BIGINT) AS "unapplied",
                CAST(CAST(SUM("t7"."current") AS DECIMAL(38, 0)) AS BIGINT) AS "current",
                CAST(CAST(SUM("t7"."overdue_items") AS DECIMAL(38, 0)) AS BIGINT) AS "overdue_items",
                CAST(SUM(CAST("t7"."open" AS DECIMAL(20, 0)) * CAST("t7"."overdue_days" AS DECIMAL(9, 0))) AS DECIMAL(38, 0)) AS "delay_days"
              FROM (
                SELECT
                  "t2"."item",
                  "t2"."customer",
                  "t2"."currency",
                  "t2"."seller",
                  "t2"."debit",
                  "t2"."due",
                  "t2"."open",
                  "t2"."since",
                  "t2"."until",
                  CASE
                    WHEN "t2"."debit" AND (
                      "t2"."due" < CAST('2024-03-31' AS DATE)
                    )
                    THEN "t2"."open"
                    ELSE 0
                  END AS "overdue",
                  CASE WHEN "t2"."debit" THEN 0 ELSE "t2"."open" END AS "unapplied",
                  CASE
                    WHEN "t2"."debit"
                    AND NOT (
                      "t2"."debit" AND (
                        "t2"."due" < CAST('2024-03-31' AS DATE)
                      )
                    )
                    THEN "t2"."open"
                    ELSE 0
                  END AS "current",
                  CASE
                    WHEN "t2"."debit" AND (
                      "t2"."due" < CAST('2024-03-31' AS DATE)
                    )
                    THEN 1
                    ELSE 0
                  END AS "overdue_items",
                  CASE
                    WHEN "t2"."debit" AND (
                      "t2"."due" < CAST('2024-03-31' AS DATE)
                    )
                    THEN DATE_DIFF('DAY', "t2"."due", CAST('2024-03-31' AS DATE))
                    ELSE 0
                  END AS "overdue_days"
                FROM "steps" AS "t2"
                WHERE
                  "t2"."since" <= CAST('2024-03-31' AS DATE)
                  AND (
                    (
                      "t2"."until" IS NULL
                    ) OR (
                      "t2"."until" > CAST('2024-03-31' AS DATE)
                    )
                  )
              ) AS "t7"
              GROUP BY
                1,
                2
            ) AS "t12"
          ) AS "t14"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              "t10"."customer",
              "t10"."currency",
              CAST(NULL AS BIGINT) AS "open",
              CAST(NULL AS BIGINT) AS "overdue",
              CAST(NULL AS BIGINT) AS "unapplied",
              CAST(NULL AS BIGINT) AS "current",
              CAST(NULL AS BIGINT) AS "overdue_items",
              CAST(NULL AS DECIMAL(38, 0)) AS "delay_days",
              "t10"."contribution",
              "t10"."sales_quarter",
              "t10"."invoices",
              "t10"."last_invoice",
              CAST(NULL AS BIGINT) AS "paid",
              CAST(NULL AS BIGINT) AS "on_time",
              CAST(NULL AS BIGINT) AS "payments"
            FROM (
              SELECT
                "t8"."customer",
                "t8"."currency",
                CAST(CAST(SUM("t8"."net") AS DECIMAL(38, 0)) AS BIGINT) AS "contribution",
                CAST(CAST(SUM("t8"."quarter") AS DECIMAL(38, 0)) AS BIGINT) AS "sales_quarter",
                CAST(CAST(SUM("t8"."bill") AS DECIMAL(38, 0)) AS BIGINT) AS "invoices",
                MAX("t8"."bought_on") AS "last_invoice"
              FROM (
                SELECT
                  "t3"."id",
                  "t3"."customer",
                  "t3"."number",
                  "t3"."entry",
                  "t3"."kind",
                  "t3"."date",
                  "t3"."due",
                  "t3"."amount",
                  "t3"."tax",
                  "t3"."currency",
                  "t3"."reference",
                  "t3"."order",
                  "t3"."seller",
                  "t3"."reason",
                  "t3"."sign",
                  CASE
                    WHEN "t3"."date" > CAST('2023-04-01' AS DATE)
                    THEN (
                      "t3"."amount" - "t3"."tax"
                    ) * CAST("t3"."sign" AS BIGINT)
                    ELSE 0
                  END AS "net",
                  CASE
                    WHEN "t3"."date" > CAST('2024-01-01' AS DATE)
                    THEN "t3"."amount" * CAST("t3"."sign" AS BIGINT)
                    ELSE 0
                  END AS "quarter",
                  CASE
                    WHEN (
                      "t3"."date" > CAST('2023-04-01' AS DATE)
                    ) AND (
                      "t3"."kind" = 'invoice'
                    )
                    THEN CAST("t3"."sign" AS BIGINT)
                    ELSE 0
                  END AS "bill",
                  CASE
                    WHEN (
                      "t3"."kind" = 'invoice'
                    ) AND (
                      CAST("t3"."sign" AS BIGINT) > 0
                    )
                    THEN "t3"."date"
                    ELSE CAST(NULL AS DATE)
                  END AS "bought_on"
                FROM "items" AS "t3"
                WHERE
                  "t3"."date" <= CAST('2024-03-31' AS DATE)
                  AND (
                    "t3"."kind" IN ('invoice', 'debit_note')
                    OR (
                      (
                        "t3"."kind" = 'credit_note'
                      )
                      AND NOT (
                        COALESCE("t3"."reason" IN ('opening', 'discount'), FALSE)
                      )
                    )
                  )
              ) AS "t8"
              GROUP BY
                1,
                2
            ) AS "t10"
          ) AS "t13"
        ) AS "t15"
      ) AS "t17"
      LEFT OUTER JOIN (
        SELECT
          "t0"."code" AS "merged",
          "t0"."survivor"
        FROM "survivors" AS "t0"
        WHERE
          "t0"."since" <= CAST('2024-03-31' AS DATE)
          AND (
            (
              "t0"."until" IS NULL
            ) OR (
              "t0"."until" > CAST('2024-03-31' AS DATE)
            )
          )
      ) AS "t6"
        ON "t17"."customer" = "t6"."merged"
    ) AS "t18"
  ) AS "t19"
  GROUP BY
    1,
    2
) AS "t20"
ORDER BY
  "t20"."customer" ASC,
  "t20"."currency" ASC
