SELECT
  *
FROM (
  SELECT
    "t17"."item",
    "t17"."posted_to" AS "customer",
    "t17"."customer" AS "owner",
    "t4"."number",
    "t4"."entry",
    "t4"."kind",
    "t4"."date",
    "t17"."due",
    "t17"."currency",
    "t17"."seller",
    "t4"."amount" * "t4"."sign" AS "amount",
    "t17"."open",
    "t17"."bucket"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t14"."item",
        "t14"."customer",
        "t14"."currency",
        "t14"."seller",
        "t14"."debit",
        "t14"."due",
        "t14"."open",
        "t14"."since",
        "t14"."until",
        "t14"."bucket",
        "t14"."posted_to",
        "t6"."key"
      FROM (
        SELECT
          "t12"."item",
          COALESCE("t12"."survivor", "t12"."customer") AS "customer",
          "t12"."currency",
          "t12"."seller",
          "t12"."debit",
          "t12"."due",
          "t12"."open",
          "t12"."since",
          "t12"."until",
          "t12"."bucket",
          "t12"."posted_to"
        FROM (
          SELECT
            "t11"."item",
            "t11"."customer",
            "t11"."currency",
            "t11"."seller",
            "t11"."debit",
            "t11"."due",
            "t11"."open",
            "t11"."since",
            "t11"."until",
            "t11"."bucket",
            "t11"."posted_to",
            "t8"."merged",
            "t8"."survivor"
          FROM (
            SELECT
              "t9"."item",
              "t9"."customer",
              "t9"."currency",
              "t9"."seller",
              "t9"."debit",
              "t9"."due",
              "t9"."open",
              "t9"."since",
              "t9"."until",
              "t9"."bucket",
              "t9"."customer" AS "posted_to"
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
                AND "t2"."currency" = 'USD'
            ) AS "t9"
            WHERE
              "t9"."bucket" = 1
          ) AS "t11"
          LEFT OUTER JOIN (
            SELECT
              "t3"."code" AS "merged",
              "t3"."survivor"
            FROM "survivors" AS "t3"
            WHERE
              "t3"."since" <= CAST('2024-03-31' AS DATE)
              AND (
                (
                  "t3"."until" IS NULL
                ) OR (
                  "t3"."until" > CAST('2024-03-31' AS DATE)
                )
              )
          ) AS "t8"
            ON "t11"."customer" = "t8"."merged"
        ) AS "t12"
      ) AS "t14"
      LEFT OUTER JOIN (
        SELECT
          "t1"."code",
          "t1"."territory" AS "key"
        FROM "customers" AS "t1"
      ) AS "t6"
        ON "t14"."customer" = "t6"."code"
    ) AS "t15"
    WHERE
      "t15"."key" = 'north'
  ) AS "t17"
  INNER JOIN "items" AS "t4"
    ON "t17"."item" = "t4"."id"
) AS "t18"
ORDER BY
  "t18"."due" ASC,
  "t18"."item" ASC
