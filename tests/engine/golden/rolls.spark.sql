SELECT
  *
FROM (
  SELECT
    `t6`.`currency`,
    `t6`.`place` AS `bucket`,
    CAST(CAST(SUM(`t6`.`before`) AS DECIMAL(38, 0)) AS BIGINT) AS `before`,
    CAST(CAST(SUM(`t6`.`rolled`) AS DECIMAL(38, 0)) AS BIGINT) AS `rolled`
  FROM (
    SELECT
      `t5`.`item`,
      `t5`.`currency`,
      `t5`.`before`,
      `t5`.`place`,
      `t5`.`same`,
      `t5`.`after`,
      `t5`.`later`,
      IF(
        COALESCE((
          `t5`.`later` > `t5`.`place`
        ) OR (
          `t5`.`later` = 4
        ), FALSE),
        LEAST(`t5`.`before`, `t5`.`after`),
        0
      ) AS `rolled`
    FROM (
      SELECT
        `t3`.`item`,
        `t3`.`currency`,
        `t3`.`before`,
        `t3`.`place`,
        `t4`.`same`,
        `t4`.`after`,
        `t4`.`later`
      FROM (
        SELECT
          `t0`.`item`,
          `t0`.`currency`,
          `t0`.`open` AS `before`,
          IF(
            `t0`.`due` >= CAST('2024-02-29' AS DATE),
            0,
            IF(
              `t0`.`due` >= CAST('2024-01-30' AS DATE),
              1,
              IF(
                `t0`.`due` >= CAST('2023-12-31' AS DATE),
                2,
                IF(`t0`.`due` >= CAST('2023-12-01' AS DATE), 3, 4)
              )
            )
          ) AS `place`
        FROM `steps` AS `t0`
        WHERE
          `t0`.`since` <= CAST('2024-02-29' AS DATE)
          AND (
            (
              `t0`.`until` IS NULL
            ) OR (
              `t0`.`until` > CAST('2024-02-29' AS DATE)
            )
          )
          AND `t0`.`debit`
      ) AS `t3`
      LEFT OUTER JOIN (
        SELECT
          `t0`.`item` AS `same`,
          `t0`.`open` AS `after`,
          IF(
            `t0`.`due` >= CAST('2024-03-31' AS DATE),
            0,
            IF(
              `t0`.`due` >= CAST('2024-03-01' AS DATE),
              1,
              IF(
                `t0`.`due` >= CAST('2024-01-31' AS DATE),
                2,
                IF(`t0`.`due` >= CAST('2024-01-01' AS DATE), 3, 4)
              )
            )
          ) AS `later`
        FROM `steps` AS `t0`
        WHERE
          `t0`.`since` <= CAST('2024-03-31' AS DATE)
          AND (
            (
              `t0`.`until` IS NULL
            ) OR (
              `t0`.`until` > CAST('2024-03-31' AS DATE)
            )
          )
          AND `t0`.`debit`
      ) AS `t4`
        ON `t3`.`item` = `t4`.`same`
    ) AS `t5`
  ) AS `t6`
  GROUP BY
    1,
    2
) AS `t7`
ORDER BY
  `t7`.`currency` ASC NULLS LAST,
  `t7`.`bucket` ASC NULLS LAST
