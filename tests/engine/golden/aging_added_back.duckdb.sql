SELECT
  "t24"."customer",
  "t24"."key",
  "t6"."name",
  "t24"."currency",
  "t24"."bucket",
  "t24"."open",
  "t24"."items",
  "t24"."oldest_due"
FROM (
  SELECT
    COALESCE("t22"."survivor", "t22"."customer") AS "customer",
    "t22"."currency",
    "t22"."bucket",
    "t22"."open",
    "t22"."items",
    "t22"."oldest_due",
    COALESCE("t22"."survivor", "t22"."customer") AS "key"
  FROM (
    SELECT
      "t21"."customer",
      "t21"."currency",
      "t21"."bucket",
      "t21"."open",
      "t21"."items",
      "t21"."oldest_due",
      "t9"."merged",
      "t9"."survivor"
    FROM (
      SELECT
        "t19"."customer",
        "t19"."currency",
        "t19"."bucket",
        CAST(CAST(SUM("t19"."open") AS DECIMAL(38, 0)) AS BIGINT) AS "open",
        COUNT(*) AS "items",
        MIN("t19"."due") AS "oldest_due"
      FROM (
        SELECT
          "t18"."item",
          "t18"."customer",
          "t18"."currency",
          "t18"."seller",
          "t18"."debit",
          "t18"."due",
          "t18"."open",
          "t18"."since",
          "t18"."until",
          CASE
            WHEN "t18"."debit"
            THEN CASE
              WHEN "t18"."due" >= CAST('2024-03-31' AS DATE)
              THEN 0
              ELSE CASE
                WHEN "t18"."due" >= CAST('2024-03-01' AS DATE)
                THEN 1
                ELSE CASE
                  WHEN "t18"."due" >= CAST('2024-01-31' AS DATE)
                  THEN 2
                  ELSE CASE WHEN "t18"."due" >= CAST('2024-01-01' AS DATE) THEN 3 ELSE 4 END
                END
              END
            END
            ELSE -1
          END AS "bucket"
        FROM (
          SELECT
            "t17"."item",
            "t4"."customer",
            "t4"."currency",
            "t4"."seller",
            "t17"."open" > 0 AS "debit",
            "t4"."due",
            "t17"."open",
            "t17"."since",
            "t17"."until"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t14"."item",
                "t14"."date" AS "since",
                LEAD("t14"."date") OVER (
                  PARTITION BY "t14"."item"
                  ORDER BY "t14"."date" ASC
                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                ) AS "until",
                CAST(CAST(SUM("t14"."change") OVER (
                  PARTITION BY "t14"."item"
                  ORDER BY "t14"."date" ASC
                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS DECIMAL(38, 0)) AS BIGINT) AS "open"
              FROM (
                SELECT
                  "t13"."item",
                  "t13"."date",
                  CAST(CAST(SUM("t13"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "change"
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      *
                    FROM (
                      SELECT
                        "t2"."id" AS "item",
                        "t2"."date",
                        "t2"."amount" * CASE
                          WHEN "t2"."kind" = 'recovery'
                          THEN CAST(CASE WHEN (
                            "t2"."entry" % 2
                          ) = 0 THEN 1 ELSE -1 END AS BIGINT)
                          ELSE CAST("t2"."sign" AS BIGINT)
                        END AS "amount",
                        CASE
                          WHEN "t2"."kind" = 'recovery'
                          THEN CAST(CASE WHEN (
                            "t2"."entry" % 2
                          ) = 0 THEN 1 ELSE -1 END AS BIGINT)
                          ELSE CAST("t2"."sign" AS BIGINT)
                        END > 0 AS "debit",
                        "t2"."due",
                        "t2"."currency"
                      FROM "items" AS "t2"
                      WHERE
                        "t2"."kind" <> 'write_off'
                        AND CASE
                          WHEN "t2"."kind" = 'recovery'
                          THEN CAST(CASE WHEN (
                            "t2"."entry" % 2
                          ) = 0 THEN 1 ELSE -1 END AS BIGINT)
                          ELSE CAST("t2"."sign" AS BIGINT)
                        END <> 0
                    ) AS "t11"
                    UNION ALL
                    SELECT
                      *
                    FROM (
                      SELECT
                        "t3"."debit_id" AS "item",
                        "t3"."date",
                        CASE WHEN "t3"."undo" THEN "t3"."amount" ELSE -(
                          "t3"."amount"
                        ) END AS "amount",
                        TRUE AS "debit",
                        "t3"."debit_due" AS "due",
                        "t3"."currency"
                      FROM "matches" AS "t3"
                      WHERE
                        "t3"."credit_kind" <> 'write_off' AND "t3"."debit_kind" <> 'write_off'
                    ) AS "t8"
                  ) AS "t12"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t3"."credit_id" AS "item",
                      "t3"."date",
                      -(
                        CASE WHEN "t3"."undo" THEN "t3"."amount" ELSE -(
                          "t3"."amount"
                        ) END
                      ) AS "amount",
                      FALSE AS "debit",
                      "t3"."credit_date" AS "due",
                      "t3"."currency"
                    FROM "matches" AS "t3"
                    WHERE
                      "t3"."credit_kind" <> 'write_off' AND "t3"."debit_kind" <> 'write_off'
                  ) AS "t10"
                ) AS "t13"
                GROUP BY
                  1,
                  2
              ) AS "t14"
            ) AS "t15"
            WHERE
              "t15"."open" <> 0
          ) AS "t17"
          INNER JOIN "items" AS "t4"
            ON "t17"."item" = "t4"."id"
        ) AS "t18"
        WHERE
          "t18"."since" <= CAST('2024-03-31' AS DATE)
          AND (
            (
              "t18"."until" IS NULL
            ) OR (
              "t18"."until" > CAST('2024-03-31' AS DATE)
            )
          )
      ) AS "t19"
      GROUP BY
        1,
        2,
        3
    ) AS "t21"
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
    ) AS "t9"
      ON "t21"."customer" = "t9"."merged"
  ) AS "t22"
) AS "t24"
LEFT OUTER JOIN (
  SELECT
    "t0"."code",
    "t0"."name"
  FROM "customers" AS "t0"
) AS "t6"
  ON "t24"."key" = "t6"."code"
