SELECT
  *
FROM (
  SELECT
    `t1`.`currency`,
    `t1`.`month`,
    `t1`.`matched`,
    `t1`.`way`,
    CAST(CAST(SUM(`t1`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `amount`
  FROM (
    SELECT
      `t0`.`currency`,
      (
        EXTRACT(year FROM `t0`.`debit_date`) * 12
      ) + EXTRACT(month FROM `t0`.`debit_date`) AS `month`,
      (
        EXTRACT(year FROM `t0`.`date`) * 12
      ) + EXTRACT(month FROM `t0`.`date`) AS `matched`,
      CASE
        WHEN `t0`.`credit_kind` = 'payment'
        THEN 'cash'
        WHEN `t0`.`credit_kind` = 'write_off'
        THEN 'written_off'
        ELSE 'credited'
      END AS `way`,
      IF(`t0`.`undo`, -(
        `t0`.`amount`
      ), `t0`.`amount`) AS `amount`
    FROM `matches` AS `t0`
    WHERE
      `t0`.`date` <= CAST('2024-03-31' AS DATE)
      AND `t0`.`debit_kind` IN ('invoice', 'debit_note')
  ) AS `t1`
  GROUP BY
    1,
    2,
    3,
    4
) AS `t2`
ORDER BY
  `t2`.`currency` ASC NULLS LAST,
  `t2`.`month` ASC NULLS LAST,
  `t2`.`matched` ASC NULLS LAST,
  `t2`.`way` ASC NULLS LAST
