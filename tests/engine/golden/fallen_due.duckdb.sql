SELECT
  COALESCE("t17"."survivor", "t17"."customer") AS "customer",
  "t17"."item",
  "t17"."asked",
  "t17"."short"
FROM (
  SELECT
    "t16"."customer",
    "t16"."item",
    "t16"."asked",
    "t16"."short",
    "t10"."merged",
    "t10"."survivor"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t8"."customer",
        "t8"."id" AS "item",
        "t8"."amount" - COALESCE("t13"."credited", 0) AS "asked",
        (
          "t8"."amount" - COALESCE("t13"."credited", 0)
        ) - COALESCE("t13"."in_time", 0) AS "short"
      FROM (
        SELECT
          *
        FROM "items" AS "t1"
        WHERE
          "t1"."kind" IN ('invoice', 'debit_note', 'opening')
          AND "t1"."sign" > 0
          AND "t1"."date" <= CAST('2024-03-31' AS DATE)
          AND "t1"."due" > CAST('2023-04-01' AS DATE)
          AND "t1"."due" < CAST('2024-03-31' AS DATE)
      ) AS "t8"
      LEFT OUTER JOIN (
        SELECT
          "t11"."debit_id",
          CAST(CAST(SUM(
            CASE
              WHEN NOT (
                "t11"."credit_kind" IN ('payment', 'write_off')
              )
              OR (
                "t11"."granted" IS NOT NULL
              )
              THEN CASE WHEN "t11"."undo" THEN -(
                "t11"."amount"
              ) ELSE "t11"."amount" END
              ELSE 0
            END
          ) AS DECIMAL(38, 0)) AS BIGINT) AS "credited",
          CAST(CAST(SUM(
            CASE
              WHEN (
                "t11"."credit_kind" = 'payment'
              )
              AND (
                "t11"."credit_date" <= "t11"."debit_due"
              )
              THEN CASE WHEN "t11"."undo" THEN -(
                "t11"."amount"
              ) ELSE "t11"."amount" END
              ELSE 0
            END
          ) AS DECIMAL(38, 0)) AS BIGINT) AS "in_time"
        FROM (
          SELECT
            "t9"."id",
            "t9"."key",
            "t9"."date",
            "t9"."paid",
            "t9"."undo",
            "t9"."amount",
            "t9"."currency",
            "t9"."debit_id",
            "t9"."debit_customer",
            "t9"."debit_date",
            "t9"."debit_due",
            "t9"."debit_kind",
            "t9"."debit_seller",
            "t9"."credit_id",
            "t9"."credit_customer",
            "t9"."credit_date",
            "t9"."credit_kind",
            "t9"."credit_seller",
            "t6"."granted"
          FROM (
            SELECT
              *
            FROM "matches" AS "t2"
            WHERE
              "t2"."date" <= CAST('2024-03-31' AS DATE)
          ) AS "t9"
          LEFT OUTER JOIN (
            SELECT
              "t1"."id" AS "granted"
            FROM "items" AS "t1"
            WHERE
              "t1"."kind" = 'write_off' AND "t1"."reason" IN ('discount', 'tolerance')
          ) AS "t6"
            ON "t9"."credit_id" = "t6"."granted"
        ) AS "t11"
        GROUP BY
          1
      ) AS "t13"
        ON "t8"."id" = "t13"."debit_id"
    ) AS "t14"
    WHERE
      "t14"."asked" > 0
  ) AS "t16"
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
  ) AS "t10"
    ON "t16"."customer" = "t10"."merged"
) AS "t17"
ORDER BY
  "t17"."item" ASC
