WITH "t7" AS (
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
)
SELECT
  "t19"."customer",
  "t19"."key",
  "t5"."name",
  "t19"."currency",
  "t19"."bucket",
  "t19"."open",
  "t19"."items",
  "t19"."oldest_due"
FROM (
  SELECT
    "t17"."customer",
    "t17"."currency",
    "t17"."bucket",
    "t17"."open",
    "t17"."items",
    "t17"."oldest_due",
    COALESCE(COALESCE("t17"."survivor", "t17"."key"), "t17"."customer") AS "key"
  FROM (
    SELECT
      "t16"."customer",
      "t16"."currency",
      "t16"."bucket",
      "t16"."open",
      "t16"."items",
      "t16"."oldest_due",
      "t6"."key",
      "t9"."merged",
      "t9"."survivor"
    FROM (
      SELECT
        COALESCE("t14"."survivor", "t14"."customer") AS "customer",
        "t14"."currency",
        "t14"."bucket",
        "t14"."open",
        "t14"."items",
        "t14"."oldest_due"
      FROM (
        SELECT
          "t13"."customer",
          "t13"."currency",
          "t13"."bucket",
          "t13"."open",
          "t13"."items",
          "t13"."oldest_due",
          "t10"."merged",
          "t10"."survivor"
        FROM (
          SELECT
            "t11"."customer",
            "t11"."currency",
            "t11"."bucket",
            CAST(CAST(SUM("t11"."open") AS DECIMAL(38, 0)) AS BIGINT) AS "open",
            COUNT(*) AS "items",
            MIN("t11"."due") AS "oldest_due"
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
                WHEN "t2"."debit"
                THEN CASE
                  WHEN "t2"."due" >= CAST('2024-03-31' AS DATE)
                  THEN 0
                  ELSE CASE
                    WHEN "t2"."due" >= CAST('2024-03-01' AS DATE)
                    THEN 1
                    ELSE CASE
                      WHEN "t2"."due" >= CAST('2024-01-31' AS DATE)
                      THEN 2
                      ELSE CASE WHEN "t2"."due" >= CAST('2024-01-01' AS DATE) THEN 3 ELSE 4 END
                    END
                  END
                END
                ELSE -1
              END AS "bucket"
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
          ) AS "t11"
          GROUP BY
            1,
            2,
            3
        ) AS "t13"
        LEFT OUTER JOIN "t7" AS "t10"
          ON "t13"."customer" = "t10"."merged"
      ) AS "t14"
    ) AS "t16"
    LEFT OUTER JOIN (
      SELECT
        "t0"."code",
        "t0"."group_code" AS "key"
      FROM "customers" AS "t0"
    ) AS "t6"
      ON "t16"."customer" = "t6"."code"
    LEFT OUTER JOIN "t7" AS "t9"
      ON "t6"."key" = "t9"."merged"
  ) AS "t17"
) AS "t19"
LEFT OUTER JOIN (
  SELECT
    "t0"."code",
    "t0"."name"
  FROM "customers" AS "t0"
) AS "t5"
  ON "t19"."key" = "t5"."code"
