SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t1`.`id` AS `item`,
      `t1`.`date`,
      `t1`.`amount` * IF(
        `t1`.`kind` = 'recovery',
        CAST(IF((
          `t1`.`entry` % 2
        ) = 0, 1, -1) AS BIGINT),
        CAST(`t1`.`sign` AS BIGINT)
      ) AS `amount`,
      IF(
        `t1`.`kind` = 'recovery',
        CAST(IF((
          `t1`.`entry` % 2
        ) = 0, 1, -1) AS BIGINT),
        CAST(`t1`.`sign` AS BIGINT)
      ) > 0 AS `debit`,
      `t1`.`due`,
      `t1`.`currency`
    FROM `items` AS `t1`
    WHERE
      `t1`.`kind` <> 'write_off'
      AND IF(
        `t1`.`kind` = 'recovery',
        CAST(IF((
          `t1`.`entry` % 2
        ) = 0, 1, -1) AS BIGINT),
        CAST(`t1`.`sign` AS BIGINT)
      ) <> 0
  ) AS `t4`
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
    WHERE
      `t0`.`credit_kind` <> 'write_off' AND `t0`.`debit_kind` <> 'write_off'
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
  WHERE
    `t0`.`credit_kind` <> 'write_off' AND `t0`.`debit_kind` <> 'write_off'
) AS `t3`
