SELECT
  *
FROM (
  SELECT
    `t7`.`currency`,
    `t7`.`posted`,
    `t7`.`due`,
    CAST(CAST(SUM(`t7`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `amount`,
    CAST(SUM(CAST(`t7`.`amount` AS DECIMAL(20, 0)) * CAST(`t7`.`days` AS DECIMAL(9, 0))) AS DECIMAL(38, 0)) AS `amount_days`
  FROM (
    SELECT
      `t6`.`currency`,
      `t6`.`amount`,
      (
        EXTRACT(year FROM `t6`.`date`) * 12
      ) + EXTRACT(month FROM `t6`.`date`) AS `posted`,
      IF(
        `t6`.`debit`,
        IF(
          `t6`.`due` >= CAST('2024-03-31' AS DATE),
          1000000,
          (
            EXTRACT(year FROM `t6`.`due` + INTERVAL '1' DAY) * 12
          ) + EXTRACT(month FROM `t6`.`due` + INTERVAL '1' DAY)
        ),
        CAST(NULL AS BIGINT)
      ) AS `due`,
      DATEDIFF(DAY, CAST('1970-01-01' AS DATE), `t6`.`due`) AS `days`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t1`.`id` AS `item`,
            `t1`.`date`,
            `t1`.`amount` * CAST(`t1`.`sign` AS BIGINT) AS `amount`,
            CAST(`t1`.`sign` AS BIGINT) > 0 AS `debit`,
            `t1`.`due`,
            `t1`.`currency`
          FROM `items` AS `t1`
          WHERE
            CAST(`t1`.`sign` AS BIGINT) <> 0
        ) AS `t3`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t0`.`debit_id` AS `item`,
            `t0`.`date`,
            IF(`t0`.`undo`, `t0`.`amount`, -(
              `t0`.`amount`
            )) AS `amount`,
            TRUE AS `debit`,
            `t0`.`debit_due` AS `due`,
            `t0`.`currency`
          FROM `matches` AS `t0`
        ) AS `t2`
      ) AS `t5`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          `t0`.`credit_id` AS `item`,
          `t0`.`date`,
          -(
            IF(`t0`.`undo`, `t0`.`amount`, -(
              `t0`.`amount`
            ))
          ) AS `amount`,
          FALSE AS `debit`,
          `t0`.`credit_date` AS `due`,
          `t0`.`currency`
        FROM `matches` AS `t0`
      ) AS `t4`
    ) AS `t6`
    WHERE
      `t6`.`date` <= CAST('2024-03-31' AS DATE)
  ) AS `t7`
  GROUP BY
    1,
    2,
    3
) AS `t8`
ORDER BY
  `t8`.`currency` ASC NULLS LAST,
  `t8`.`posted` ASC NULLS LAST,
  `t8`.`due` ASC
