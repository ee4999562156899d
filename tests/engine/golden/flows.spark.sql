SELECT
  *
FROM (
  SELECT
    `t1`.`currency`,
    `t1`.`kind`,
    `t1`.`reason`,
    `t1`.`date`,
    CAST(CAST(SUM(`t1`.`amount`) AS DECIMAL(38, 0)) AS BIGINT) AS `amount`
  FROM (
    SELECT
      `t0`.`currency`,
      `t0`.`kind`,
      `t0`.`date`,
      IF(`t0`.`reason` IN ('opening', 'discount'), `t0`.`reason`, CAST(NULL AS STRING)) AS `reason`,
      IF((
        `t0`.`entry` % 2
      ) = 0, -(
        `t0`.`amount`
      ), `t0`.`amount`) AS `amount`
    FROM `items` AS `t0`
    WHERE
      `t0`.`date` <= CAST('2024-03-31' AS DATE)
  ) AS `t1`
  GROUP BY
    1,
    2,
    3,
    4
) AS `t2`
ORDER BY
  `t2`.`currency` ASC NULLS LAST,
  `t2`.`date` ASC NULLS LAST,
  `t2`.`kind` ASC NULLS LAST,
  `t2`.`reason` ASC
