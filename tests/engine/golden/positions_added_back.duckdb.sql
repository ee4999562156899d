SELECT
  *
FROM (
  SELECT
    "t7"."currency",
    "t7"."posted",
    "t7"."due",
    CAST(CAST(SUM("t7"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "amount",
    CAST(SUM(CAST("t7"."amount" AS DECIMAL(20, 0)) * CAST("t7"."days" AS DECIMAL(9, 0))) AS DECIMAL(38, 0)) AS "amount_days"
  FROM (
    SELECT
      "t6"."currency",
      "t6"."amount",
      (
        EXTRACT(year FROM "t6"."date") * 12
      ) + EXTRACT(month FROM "t6"."date") AS "posted",
      CASE
        WHEN "t6"."debit"
        THEN CASE
          WHEN "t6"."due" >= CAST('2024-03-31' AS DATE)
          THEN 1000000
          ELSE (
            EXTRACT(year FROM "t6"."due" + INTERVAL '1' DAY) * 12
          ) + EXTRACT(month FROM "t6"."due" + INTERVAL '1' DAY)
        END
        ELSE CAST(NULL AS BIGINT)
      END AS "due",
      DATE_DIFF('DAY', CAST('1970-01-01' AS DATE), "t6"."due") AS "days"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t1"."id" AS "item",
            "t1"."date",
            "t1"."amount" * CASE
              WHEN "t1"."kind" = 'recovery'
              THEN CAST(CASE WHEN (
                "t1"."entry" % 2
              ) = 0 THEN 1 ELSE -1 END AS BIGINT)
              ELSE CAST("t1"."sign" AS BIGINT)
            END AS "amount",
            CASE
              WHEN "t1"."kind" = 'recovery'
              THEN CAST(CASE WHEN (
                "t1"."entry" % 2
              ) = 0 THEN 1 ELSE -1 END AS BIGINT)
              ELSE CAST("t1"."sign" AS BIGINT)
            END > 0 AS "debit",
            "t1"."due",
            "t1"."currency"
          FROM "items" AS "t1"
          WHERE
            "t1"."kind" <> 'write_off'
            AND CASE
              WHEN "t1"."kind" = 'recovery'
              THEN CAST(CASE WHEN (
                "t1"."entry" % 2
              ) = 0 THEN 1 ELSE -1 END AS BIGINT)
              ELSE CAST("t1"."sign" AS BIGINT)
            END <> 0
        ) AS "t4"
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
          WHERE
            "t0"."credit_kind" <> 'write_off' AND "t0"."debit_kind" <> 'write_off'
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
        WHERE
          "t0"."credit_kind" <> 'write_off' AND "t0"."debit_kind" <> 'write_off'
      ) AS "t3"
    ) AS "t6"
    WHERE
      "t6"."date" <= CAST('2024-03-31' AS DATE)
  ) AS "t7"
  GROUP BY
    1,
    2,
    3
) AS "t8"
ORDER BY
  "t8"."currency" ASC,
  "t8"."posted" ASC,
  "t8"."due" ASC NULLS FIRST
