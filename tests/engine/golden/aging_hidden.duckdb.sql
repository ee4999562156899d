SELECT
  "t17"."customer",
  "t17"."key",
  "t4"."name",
  "t17"."currency",
  "t17"."bucket",
  "t17"."open",
  "t17"."items",
  "t17"."oldest_due"
FROM (
  SELECT
    "t15"."customer",
    "t15"."currency",
    "t15"."bucket",
    "t15"."open",
    "t15"."items",
    "t15"."oldest_due",
    "t15"."customer" AS "key"
  FROM (
    SELECT
      "t14"."customer",
      "t14"."currency",
      "t14"."bucket",
      "t14"."open",
      "t14"."items",
      "t14"."oldest_due"
    FROM (
      SELECT
        COALESCE("t12"."survivor", "t12"."customer") AS "customer",
        "t12"."currency",
        "t12"."bucket",
        "t12"."open",
        "t12"."items",
        "t12"."oldest_due"
      FROM (
        SELECT
          "t11"."customer",
          "t11"."currency",
          "t11"."bucket",
          "t11"."open",
          "t11"."items",
          "t11"."oldest_due",
          "t8"."merged",
          "t8"."survivor"
        FROM (
          SELECT
            "t9"."customer",
            "t9"."currency",
            "t9"."bucket",
            CAST(CAST(SUM("t9"."open") AS DECIMAL(38, 0)) AS BIGINT) AS "open",
            COUNT(*) AS "items",
            MIN("t9"."due") AS "oldest_due"
          FROM (
            SELECT
              "t1"."item",
              "t1"."customer",
              "t1"."currency",
              "t1"."seller",
              "t1"."debit",
              "t1"."due",
              "t1"."open",
              "t1"."since",
              "t1"."until",
              CASE
                WHEN "t1"."debit"
                THEN CASE
                  WHEN "t1"."due" >= CAST('2024-03-31' AS DATE)
                  THEN 0
                  ELSE CASE
                    WHEN "t1"."due" >= CAST('2024-03-01' AS DATE)
                    THEN 1
                    ELSE CASE
                      WHEN "t1"."due" >= CAST('2024-01-31' AS DATE)
                      THEN 2
                      ELSE CASE WHEN "t1"."due" >= CAST('2024-01-01' AS DATE) THEN 3 ELSE 4 END
                    END
                  END
                END
                ELSE -1
              END AS "bucket"
            FROM "steps" AS "t1"
            WHERE
              "t1"."since" <= CAST('2024-03-31' AS DATE)
              AND (
                (
                  "t1"."until" IS NULL
                ) OR (
                  "t1"."until" > CAST('2024-03-31' AS DATE)
                )
              )
          ) AS "t9"
          GROUP BY
            1,
            2,
            3
        ) AS "t11"
        LEFT OUTER JOIN (
          SELECT
            "t2"."code" AS "merged",
            "t2"."survivor"
          FROM "survivors" AS "t2"
          WHERE
            "t2"."since" <= CAST('2024-03-31' AS DATE)
            AND (
              (
                "t2"."until" IS NULL
              ) OR (
                "t2"."until" > CAST('2024-03-31' AS DATE)
              )
            )
        ) AS "t8"
          ON "t11"."customer" = "t8"."merged"
      ) AS "t12"
    ) AS "t14"
    ANTI JOIN (
      SELECT
        "t0"."code" AS "concealed"
      FROM "customers" AS "t0"
      WHERE
        "t0"."territory" IN ('north', 'south')
    ) AS "t6"
      ON "t14"."customer" = "t6"."concealed"
  ) AS "t15"
) AS "t17"
LEFT OUTER JOIN (
  SELECT
    "t0"."code",
    "t0"."name"
  FROM "customers" AS "t0"
) AS "t4"
  ON "t17"."key" = "t4"."code"
