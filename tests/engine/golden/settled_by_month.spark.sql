WITH `t7` AS (
  SELECT
    *
  FROM `items` AS `t0`
  WHERE
    `t0`.`kind` IN ('invoice', 'debit_note', 'opening')
    AND `t0`.`sign` > 0
    AND `t0`.`date` <= CAST('2024-03-31' AS DATE)
)
SELECT
  *
FROM (
  SELECT
    `t23`.`currency`,
    `t23`.`month`,
    COUNT(*) AS `settled`,
    CAST(CAST(SUM(`t23`.`late`) AS DECIMAL(38, 0)) AS BIGINT) AS `late`
  FROM (
    SELECT
      `t3`.`currency`,
      `t22`.`month`,
      IF(`t22`.`closed` > `t3`.`due`, 1, 0) AS `late`
    FROM (
      SELECT
        `t20`.`item`,
        `t20`.`month`,
        MAX(`t20`.`closed`) AS `closed`
      FROM (
        SELECT
          `t19`.`item`,
          `t19`.`closed`,
          (
            EXTRACT(year FROM `t19`.`closed`) * 12
          ) + EXTRACT(month FROM `t19`.`closed`) AS `month`
        FROM (
          SELECT
            `t18`.`item`,
            `t18`.`closed`,
            CAST(CAST(SUM(`t18`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `cash`
          FROM (
            SELECT
              `t17`.`item`,
              `t17`.`closed`,
              `t11`.`debit`,
              `t11`.`on`,
              `t11`.`amount`
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t9`.`item`,
                  `t9`.`until` AS `closed`
                FROM (
                  SELECT
                    *
                  FROM `steps` AS `t2`
                  WHERE
                    `t2`.`debit` AND `t2`.`until` <= CAST('2024-03-31' AS DATE)
                ) AS `t9`
                LEFT ANTI JOIN (
                  SELECT
                    `t2`.`item` AS `next_item`,
                    `t2`.`since` AS `again`
                  FROM `steps` AS `t2`
                ) AS `t5`
                  ON `t9`.`item` = `t5`.`next_item` AND `t9`.`until` = `t5`.`again`
                LEFT SEMI JOIN `t7` AS `t13`
                  ON `t9`.`item` = `t13`.`id`
              ) AS `t15`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  `t12`.`id` AS `item`,
                  `t12`.`date` AS `closed`
                FROM `t7` AS `t12`
                LEFT ANTI JOIN (
                  SELECT
                    `t2`.`item` AS `next_item`,
                    `t2`.`since` AS `again`
                  FROM `steps` AS `t2`
                ) AS `t5`
                  ON `t12`.`id` = `t5`.`next_item` AND `t12`.`date` = `t5`.`again`
              ) AS `t14`
            ) AS `t17`
            INNER JOIN (
              SELECT
                `t1`.`debit_id` AS `debit`,
                `t1`.`date` AS `on`,
                IF(`t1`.`undo`, -(
                  `t1`.`amount`
                ), `t1`.`amount`) AS `amount`
              FROM `matches` AS `t1`
              WHERE
                `t1`.`credit_kind` = 'payment' AND `t1`.`date` <= CAST('2024-03-31' AS DATE)
            ) AS `t11`
              ON `t17`.`item` = `t11`.`debit` AND `t11`.`on` <= `t17`.`closed`
          ) AS `t18`
          GROUP BY
            1,
            2
        ) AS `t19`
        WHERE
          `t19`.`cash` > 0
      ) AS `t20`
      GROUP BY
        1,
        2
    ) AS `t22`
    INNER JOIN `items` AS `t3`
      ON `t22`.`item` = `t3`.`id`
  ) AS `t23`
  GROUP BY
    1,
    2
) AS `t24`
ORDER BY
  `t24`.`currency` ASC NULLS LAST,
  `t24`.`month` ASC NULLS LAST
