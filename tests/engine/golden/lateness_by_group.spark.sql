WITH `t9` AS (
  SELECT
    *
  FROM `items` AS `t2`
  WHERE
    `t2`.`kind` IN ('invoice', 'debit_note', 'opening')
    AND `t2`.`sign` > 0
    AND `t2`.`date` <= CAST('2024-03-31' AS DATE)
), `t12` AS (
  SELECT
    `t1`.`code` AS `merged`,
    `t1`.`survivor`
  FROM `survivors` AS `t1`
  WHERE
    `t1`.`since` <= CAST('2024-03-31' AS DATE)
    AND (
      (
        `t1`.`until` IS NULL
      ) OR (
        `t1`.`until` > CAST('2024-03-31' AS DATE)
      )
    )
)
SELECT
  *
FROM (
  SELECT
    `t40`.`key`,
    `t40`.`currency`,
    COUNT(*) AS `settled`,
    CAST(CAST(SUM(IF(`t40`.`late_days` > 0, 1, 0)) AS DECIMAL(38, 0)) AS BIGINT) AS `late`,
    CAST(CAST(SUM(`t40`.`late_days`) AS DECIMAL(38, 0)) AS BIGINT) AS `days_late`,
    CAST(CAST(SUM(`t40`.`taken`) AS DECIMAL(38, 0)) AS BIGINT) AS `days_to_settle`,
    CAST(CAST(SUM(`t40`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `amount`,
    CAST(CAST(SUM(IF(`t40`.`late_days` > 0, `t40`.`amount`, 0)) AS DECIMAL(38, 0)) AS BIGINT) AS `late_amount`,
    CAST(SUM(
      CAST(`t40`.`amount` AS DECIMAL(20, 0)) * CAST(`t40`.`late_days` AS DECIMAL(9, 0))
    ) AS DECIMAL(38, 0)) AS `amount_days_late`
  FROM (
    SELECT
      `t39`.`item`,
      `t39`.`customer`,
      `t39`.`number`,
      `t39`.`currency`,
      `t39`.`seller`,
      `t39`.`date`,
      `t39`.`due`,
      `t39`.`amount`,
      `t39`.`settled`,
      `t39`.`late_days`,
      `t39`.`taken`,
      COALESCE(COALESCE(`t39`.`survivor`, `t39`.`key`), `t39`.`customer`) AS `key`
    FROM (
      SELECT
        `t38`.`item`,
        `t38`.`customer`,
        `t38`.`number`,
        `t38`.`currency`,
        `t38`.`seller`,
        `t38`.`date`,
        `t38`.`due`,
        `t38`.`amount`,
        `t38`.`settled`,
        `t38`.`late_days`,
        `t38`.`taken`,
        `t8`.`key`,
        `t22`.`merged`,
        `t22`.`survivor`
      FROM (
        SELECT
          `t36`.`item`,
          COALESCE(`t36`.`survivor`, `t36`.`customer`) AS `customer`,
          `t36`.`number`,
          `t36`.`currency`,
          `t36`.`seller`,
          `t36`.`date`,
          `t36`.`due`,
          `t36`.`amount`,
          `t36`.`settled`,
          `t36`.`late_days`,
          `t36`.`taken`
        FROM (
          SELECT
            `t35`.`item`,
            `t35`.`customer`,
            `t35`.`number`,
            `t35`.`currency`,
            `t35`.`seller`,
            `t35`.`date`,
            `t35`.`due`,
            `t35`.`amount`,
            `t35`.`settled`,
            `t35`.`late_days`,
            `t35`.`taken`,
            `t23`.`merged`,
            `t23`.`survivor`
          FROM (
            SELECT
              `t33`.`item`,
              `t33`.`customer`,
              `t33`.`number`,
              `t33`.`currency`,
              `t33`.`seller`,
              `t33`.`date`,
              `t33`.`due`,
              `t33`.`amount`,
              `t33`.`settled`,
              IF(
                DATEDIFF(DAY, `t33`.`due`, `t33`.`settled`) > 0,
                DATEDIFF(DAY, `t33`.`due`, `t33`.`settled`),
                0
              ) AS `late_days`,
              DATEDIFF(DAY, `t33`.`date`, `t33`.`settled`) AS `taken`
            FROM (
              SELECT
                `t32`.`item`,
                `t5`.`customer`,
                `t5`.`number`,
                `t5`.`currency`,
                `t5`.`seller`,
                `t5`.`date`,
                `t5`.`due`,
                `t5`.`amount`,
                `t32`.`settled`
              FROM (
                SELECT
                  `t30`.`item`,
                  MAX(`t30`.`closed`) AS `settled`
                FROM (
                  SELECT
                    `t29`.`item`,
                    `t29`.`closed`
                  FROM (
                    SELECT
                      `t28`.`item`,
                      `t28`.`closed`,
                      CAST(CAST(SUM(`t28`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `cash`
                    FROM (
                      SELECT
                        `t27`.`item`,
                        `t27`.`closed`,
                        `t21`.`debit`,
                        `t21`.`on`,
                        `t21`.`amount`
                      FROM (
                        SELECT
                          *
                        FROM (
                          SELECT
                            `t15`.`item`,
                            `t15`.`until` AS `closed`
                          FROM (
                            SELECT
                              *
                            FROM `steps` AS `t3`
                            WHERE
                              `t3`.`debit` AND `t3`.`until` <= CAST('2024-03-31' AS DATE)
                          ) AS `t15`
                          LEFT ANTI JOIN (
                            SELECT
                              `t3`.`item` AS `next_item`,
                              `t3`.`since` AS `again`
                            FROM `steps` AS `t3`
                          ) AS `t10`
                            ON `t15`.`item` = `t10`.`next_item` AND `t15`.`until` = `t10`.`again`
                          LEFT SEMI JOIN `t9` AS `t19`
                            ON `t15`.`item` = `t19`.`id`
                        ) AS `t25`
                        UNION ALL
                        SELECT
                          *
                        FROM (
                          SELECT
                            `t18`.`id` AS `item`,
                            `t18`.`date` AS `closed`
                          FROM `t9` AS `t18`
                          LEFT ANTI JOIN (
                            SELECT
                              `t3`.`item` AS `next_item`,
                              `t3`.`since` AS `again`
                            FROM `steps` AS `t3`
                          ) AS `t10`
                            ON `t18`.`id` = `t10`.`next_item` AND `t18`.`date` = `t10`.`again`
                        ) AS `t24`
                      ) AS `t27`
                      INNER JOIN (
                        SELECT
                          `t4`.`debit_id` AS `debit`,
                          `t4`.`date` AS `on`,
                          IF(`t4`.`undo`, -(
                            `t4`.`amount`
                          ), `t4`.`amount`) AS `amount`
                        FROM `matches` AS `t4`
                        WHERE
                          `t4`.`credit_kind` = 'payment' AND `t4`.`date` <= CAST('2024-03-31' AS DATE)
                      ) AS `t21`
                        ON `t27`.`item` = `t21`.`debit` AND `t21`.`on` <= `t27`.`closed`
                    ) AS `t28`
                    GROUP BY
                      1,
                      2
                  ) AS `t29`
                  WHERE
                    `t29`.`cash` > 0
                ) AS `t30`
                GROUP BY
                  1
              ) AS `t32`
              LEFT ANTI JOIN (
                SELECT
                  `t3`.`item` AS `open_item`
                FROM `steps` AS `t3`
                WHERE
                  `t3`.`since` <= CAST('2024-03-31' AS DATE)
                  AND (
                    (
                      `t3`.`until` IS NULL
                    ) OR (
                      `t3`.`until` > CAST('2024-03-31' AS DATE)
                    )
                  )
              ) AS `t20`
                ON `t32`.`item` = `t20`.`open_item`
              INNER JOIN `items` AS `t5`
                ON `t32`.`item` = `t5`.`id`
            ) AS `t33`
          ) AS `t35`
          LEFT OUTER JOIN `t12` AS `t23`
            ON `t35`.`customer` = `t23`.`merged`
        ) AS `t36`
      ) AS `t38`
      LEFT OUTER JOIN (
        SELECT
          `t0`.`code`,
          `t0`.`group_code` AS `key`
        FROM `customers` AS `t0`
      ) AS `t8`
        ON `t38`.`customer` = `t8`.`code`
      LEFT OUTER JOIN `t12` AS `t22`
        ON `t8`.`key` = `t22`.`merged`
    ) AS `t39`
  ) AS `t40`
  GROUP BY
    1,
    2
) AS `t41`
ORDER BY
  `t41`.`currency` ASC NULLS LAST,
  `t41`.`key` ASC
