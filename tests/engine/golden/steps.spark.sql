SELECT
  `t11`.`item`,
  `t2`.`customer`,
  `t2`.`currency`,
  `t2`.`seller`,
  `t11`.`open` > 0 AS `debit`,
  `t2`.`due`,
  `t11`.`open`,
  `t11`.`since`,
  `t11`.`until`
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t8`.`item`,
      `t8`.`date` AS `since`,
      LEAD(`t8`.`date`) OVER (PARTITION BY `t8`.`item` ORDER BY `t8`.`date` ASC NULLS LAST) AS `until`,
      CAST(CAST(SUM(`t8`.`change`) OVER (
        PARTITION BY `t8`.`item`
        ORDER BY `t8`.`date` ASC NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS DECIMAL(38, 0)) AS BIGINT) AS `open`
    FROM (
      SELECT
        `t7`.`item`,
        `t7`.`date`,
        CAST(CAST(SUM(`t7`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `change`
      FROM (
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t0`.`id` AS `item`,
              `t0`.`date`,
              `t0`.`amount` * CAST(`t0`.`sign` AS BIGINT) AS `amount`,
              CAST(`t0`.`sign` AS BIGINT) > 0 AS `debit`,
              `t0`.`due`,
              `t0`.`currency`
            FROM `items` AS `t0`
            WHERE
              CAST(`t0`.`sign` AS BIGINT) <> 0
          ) AS `t3`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t1`.`debit_id` AS `item`,
              `t1`.`date`,
              IF(`t1`.`undo`, `t1`.`amount`, -(
                `t1`.`amount`
              )) AS `amount`,
              TRUE AS `debit`,
              `t1`.`debit_due` AS `due`,
              `t1`.`currency`
            FROM `matches` AS `t1`
          ) AS `t4`
        ) AS `t5`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t1`.`credit_id` AS `item`,
            `t1`.`date`,
            -(
              IF(`t1`.`undo`, `t1`.`amount`, -(
                `t1`.`amount`
              ))
            ) AS `amount`,
            FALSE AS `debit`,
            `t1`.`credit_date` AS `due`,
            `t1`.`currency`
          FROM `matches` AS `t1`
        ) AS `t6`
      ) AS `t7`
      GROUP BY
        1,
        2
    ) AS `t8`
  ) AS `t9`
  WHERE
    `t9`.`open` <> 0
) AS `t11`
INNER JOIN `items` AS `t2`
  ON `t11`.`item` = `t2`.`id`
