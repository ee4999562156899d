WITH "t7" AS (
  SELECT
    *
  FROM "items" AS "t0"
  WHERE
    "t0"."kind" IN ('invoice', 'debit_note', 'opening')
    AND "t0"."sign" > 0
    AND "t0"."date" <= CAST('2024-03-31' AS DATE)
)
SELECT
  "t24"."item",
  "t3"."customer",
  "t3"."number",
  "t3"."currency",
  "t3"."seller",
  "t3"."date",
  "t3"."due",
  "t3"."amount",
  "t24"."settled"
FROM (
  SELECT
    "t22"."item",
    MAX("t22"."closed") AS "settled"
  FROM (
    SELECT
      "t21"."item",
      "t21"."closed"
    FROM (
      SELECT
        "t20"."item",
        "t20"."closed",
        CAST(CAST(SUM("t20"."amount") AS DECIMAL(38, 0)) AS BIGINT) AS "cash"
      FROM (
        SELECT
          "t19"."item",
          "t19"."closed",
          "t15"."debit",
          "t15"."on",
          "t15"."amount"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t9"."item",
              "t9"."until" AS "closed"
            FROM (
              SELECT
                *
              FROM "steps" AS "t1"
              WHERE
                "t1"."debit" AND "t1"."until" <= CAST('2024-03-31' AS DATE)
            ) AS "t9"
            ANTI JOIN (
              SELECT
                "t1"."item" AS "next_item",
                "t1"."since" AS "again"
              FROM "steps" AS "t1"
            ) AS "t5"
              ON "t9"."item" = "t5"."next_item" AND "t9"."until" = "t5"."again"
            SEMI JOIN "t7" AS "t14"
              ON "t9"."item" = "t14"."id"
          ) AS "t17"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              "t13"."id" AS "item",
              "t13"."date" AS "closed"
            FROM "t7" AS "t13"
            ANTI JOIN (
              SELECT
                "t1"."item" AS "next_item",
                "t1"."since" AS "again"
              FROM "steps" AS "t1"
            ) AS "t5"
              ON "t13"."id" = "t5"."next_item" AND "t13"."date" = "t5"."again"
          ) AS "t16"
        ) AS "t19"
        INNER JOIN (
          SELECT
            "t2"."debit_id" AS "debit",
            "t2"."date" AS "on",
            CASE WHEN "t2"."undo" THEN -(
              "t2"."amount"
            ) ELSE "t2"."amount" END AS "amount"
          FROM "matches" AS "t2"
          WHERE
            "t2"."credit_kind" = 'payment' AND "t2"."date" <= CAST('2024-03-31' AS DATE)
        ) AS "t15"
          ON "t19"."item" = "t15"."debit" AND "t15"."on" <= "t19"."closed"
      ) AS "t20"
      GROUP BY
        1,
        2
    ) AS "t21"
    WHERE
      "t21"."cash" > 0
  ) AS "t22"
  GROUP BY
    1
) AS "t24"
ANTI JOIN (
  SELECT
    "t1"."item" AS "open_item"
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
) AS "t12"
  ON "t24"."item" = "t12"."open_item"
INNER JOIN "items" AS "t3"
  ON "t24"."item" = "t3"."id"
