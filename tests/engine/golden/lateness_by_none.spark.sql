WITH `t6` AS (
  SELECT
    *
  FROM `items` AS `t1`
  WHERE
    `t1`.`kind` IN ('invoice', 'debit_note', 'opening')
    AND `t1`.`sign` > 0
    AND `t1`.`date` <= CAST('2024-03-31' AS DATE)
)
SELECT
  *
FROM (
  SELECT
    `t32`.`key`,
    `t32`.`currency`,
    COUNT(*) AS `settled`,
    CAST(CAST(SUM(IF(`t32`.`late_days` > 0, 1, 0)) AS DECIMAL(38, 0)) AS BIGINT) AS `late`,
    CAST(CAST(SUM(`t32`.`late_days`) AS DECIMAL(38, 0)) AS BIGINT) AS `days_late`,
    CAST(CAST(SUM(`t32`.`taken`) AS DECIMAL(38, 0)) AS BIGINT) AS `days_to_settle`,
    CAST(CAST(SUM(`t32`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `amount`,
    CAST(CAST(SUM(IF(`t32`.`late_days` > 0, `t32`.`amount`, 0)) AS DECIMAL(38, 0)) AS BIGINT) AS `late_amount`,
    CAST(SUM(
      CAST(`t32`.`amount` AS DECIMAL(20, 0)) * CAST(`t32`.`late_days` AS DECIMAL(9, 0))
    ) AS DECIMAL(38, 0)) AS `amount_days_late`
  FROM (
    SELECT
      `t31`.`item`,
      COALESCE(`t31`.`survivor`, `t31`.`customer`) AS `customer`,
      `t31`.`number`,
      `t31`.`currency`,
      `t31`.`seller`,
      `t31`.`date`,
      `t31`.`due`,
      `t31`.`amount`,
      `t31`.`settled`,
      `t31`.`late_days`,
      `t31`.`taken`,
      CAST(NULL AS STRING) AS `key`
    FROM (
      SELECT
        `t30`.`item`,
        `t30`.`customer`,
        `t30`.`number`,
        `t30`.`currency`,
        `t30`.`seller`,
        `t30`.`date`,
        `t30`.`due`,
        `t30`.`amount`,
        `t30`.`settled`,
        `t30`.`late_days`,
        `t30`.`taken`,
        `t14`.`merged`,
        `t14`.`survivor`
      FROM (
        SELECT
          `t28`.`item`,
          `t28`.`customer`,
          `t28`.`number`,
          `t28`.`currency`,
          `t28`.`seller`,
          `t28`.`date`,
          `t28`.`due`,
          `t28`.`amount`,
          `t28`.`settled`,
          IF(
            DATEDIFF(DAY, `t28`.`due`, `t28`.`settled`) > 0,
            DATEDIFF(DAY, `t28`.`due`, `t28`.`settled`),
            0
          ) AS `late_days`,
          DATEDIFF(DAY, `t28`.`date`, `t28`.`settled`) AS `taken`
        FROM (
          SELECT
            `t27`.`item`,
            `t4`.`customer`,
            `t4`.`number`,
            `t4`.`currency`,
            `t4`.`seller`,
            `t4`.`date`,
            `t4`.`due`,
            `t4`.`amount`,
            `t27`.`settled`
          FROM (
            SELECT
              `t25`.`item`,
              MAX(`t25`.`closed`) AS `settled`
            FROM (
              SELECT
                `t24`.`item`,
                `t24`.`closed`
              FROM (
                SELECT
                  `t23`.`item`,
                  `t23`.`closed`,
                  CAST(CAST(SUM(`t23`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `cash`
                FROM (
                  SELECT
                    `t22`.`item`,
                    `t22`.`closed`,
                    `t18`.`debit`,
                    `t18`.`on`,
                    `t18`.`amount`
                  FROM (
                    SELECT
                      *
                    FROM (
                      SELECT
                        `t12`.`item`,
                        `t12`.`until` AS `closed`
                      FROM (
                        SELECT
                          *
                        FROM `steps` AS `t2`
                        WHERE
                          `t2`.`debit` AND `t2`.`until` <= CAST('2024-03-31' AS DATE)
                      ) AS `t12`
                      LEFT ANTI JOIN (
                        SELECT
                          `t2`.`item` AS `next_item`,
                          `t2`.`since` AS `again`
                        FROM `steps` AS `t2`
                      ) AS `t7`
                        ON `t12`.`item` = `t7`.`next_item` AND `t12`.`until` = `t7`.`again`
                      LEFT SEMI JOIN `t6` AS `t16`
                        ON `t12`.`item` = `t16`.`id`
                    ) AS `t20`
                    UNION ALL
                    SELECT
                      *
                    FROM (
                      SELECT
                        `t15`.`id` AS `item`,
                        `t15`.`date` AS `closed`
                      FROM `t6` AS `t15`
                      LEFT ANTI JOIN (
                        SELECT
                          `t2`.`item` AS `next_item`,
                          `t2`.`since` AS `again`
                        FROM `steps` AS `t2`
                      ) AS `t7`
                        ON `t15`.`id` = `t7`.`next_item` AND `t15`.`date` = `t7`.`again`
                    ) AS `t19`
                  ) AS `t22`
                  INNER JOIN (
                    SELECT
                      `t3`.`debit_id` AS `debit`,
                      `t3`.`date` AS `on`,
                      IF(`t3`.`undo`, -(
                        `t3`.`amount`
                      ), `t3`.`amount`) AS `amount`
                    FROM `matches` AS `t3`
                    WHERE
                      `t3`.`credit_kind` = 'payment' AND `t3`.`date` <= CAST('2024-03-31' AS DATE)
                  ) AS `t18`
                    ON `t22`.`item` = `t18`.`debit` AND `t18`.`on` <= `t22`.`closed`
                ) AS `t23`
                GROUP BY
                  1,
                  2
              ) AS `t24`
              WHERE
                `t24`.`cash` > 0
            ) AS `t25`
            GROUP BY
              1
          ) AS `t27`
          LEFT ANTI JOIN (
            SELECT
              `t2`.`item` AS `open_item`
            FROM `steps` AS `t2`
            WHERE
              `t2`.`since` <= CAST('2024-03-31' AS DATE)
              AND (
                (
                  `t2`.`until` IS NULL
                ) OR (
                  `t2`.`until` > CAST('2024-03-31' AS DATE)
                )
              )
          ) AS `t17`
            ON `t27`.`item` = `t17`.`open_item`
          INNER JOIN `items` AS `t4`
            ON `t27`.`item` = `t4`.`id`
        ) AS `t28`
      ) AS `t30`
      LEFT OUTER JOIN (
        SELECT
          `t0`.`code` AS `merged`,
          `t0`.`survivor`
        FROM `survivors` AS `t0`
        WHERE
          `t0`.`since` <= CAST('2024-03-31' AS DATE)
          AND (
            (
              `t0`.`until` IS NULL
            ) OR (
              `t0`.`until` > CAST('2024-03-31' AS DATE)
            )
          )
      ) AS `t14`
        ON `t30`.`customer` = `t14`.`merged`
    ) AS `t31`
  ) AS `t32`
  GROUP BY
    1,
    2
) AS `t33`
ORDER BY
  `t33`.`currency` ASC NULLS LAST,
  `t33`.`key` ASC
