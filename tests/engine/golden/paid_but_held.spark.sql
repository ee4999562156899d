SELECT
  `t7`.`customer`,
  `t7`.`currency`,
  CAST(CAST(SUM(`t7`.`received`) AS DECIMAL(38, 0)) AS BIGINT) AS `paid`,
  CAST(SUM(CAST(`t7`.`received` AS DECIMAL(20, 0)) * CAST(`t7`.`late` AS DECIMAL(9, 0))) AS DECIMAL(38, 0)) AS `days`
FROM (
  SELECT
    `t6`.`currency`,
    COALESCE(`t6`.`survivor`, `t6`.`customer`) AS `customer`,
    `t6`.`received`,
    `t6`.`late`
  FROM (
    SELECT
      `t5`.`currency`,
      `t5`.`customer`,
      `t5`.`received`,
      `t5`.`late`,
      `t3`.`merged`,
      `t3`.`survivor`
    FROM (
      SELECT
        `t0`.`currency`,
        `t0`.`debit_customer` AS `customer`,
        IF(`t0`.`undo`, -(
          `t0`.`amount`
        ), `t0`.`amount`) AS `received`,
        IF(
          `t0`.`debit_id` IN (1, 2)
          AND (
            DATEDIFF(DAY, `t0`.`debit_due`, `t0`.`credit_date`) > 0
          ),
          0,
          DATEDIFF(DAY, `t0`.`debit_due`, `t0`.`credit_date`)
        ) AS `late`
      FROM `matches` AS `t0`
      WHERE
        `t0`.`date` > CAST('2023-04-01' AS DATE)
        AND `t0`.`date` <= CAST('2024-03-31' AS DATE)
        AND `t0`.`credit_kind` = 'payment'
        AND `t0`.`debit_kind` IN ('invoice', 'debit_note', 'opening')
    ) AS `t5`
    LEFT OUTER JOIN (
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
    ) AS `t3`
      ON `t5`.`customer` = `t3`.`merged`
  ) AS `t6`
) AS `t7`
GROUP BY
  1,
  2
