SELECT
  COALESCE(`t7`.`survivor`, `t7`.`customer`) AS `customer`,
  CAST(NULL AS STRING) AS `key`,
  CAST(NULL AS STRING) AS `name`,
  `t7`.`currency`,
  `t7`.`bucket`,
  `t7`.`open`,
  `t7`.`items`,
  `t7`.`oldest_due`
FROM (
  SELECT
    `t6`.`customer`,
    `t6`.`currency`,
    `t6`.`bucket`,
    `t6`.`open`,
    `t6`.`items`,
    `t6`.`oldest_due`,
    `t3`.`merged`,
    `t3`.`survivor`
  FROM (
    SELECT
      `t4`.`customer`,
      `t4`.`currency`,
      `t4`.`bucket`,
      CAST(CAST(SUM(`t4`.`open`) AS DECIMAL(38, 0)) AS BIGINT) AS `open`,
      COUNT(*) AS `items`,
      MIN(`t4`.`due`) AS `oldest_due`
    FROM (
      SELECT
        `t0`.`item`,
        `t0`.`customer`,
        `t0`.`currency`,
        `t0`.`seller`,
        `t0`.`debit`,
        `t0`.`due`,
        `t0`.`open`,
        `t0`.`since`,
        `t0`.`until`,
        IF(
          `t0`.`debit`,
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
          ),
          -1
        ) AS `bucket`
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
    ) AS `t4`
    GROUP BY
      1,
      2,
      3
  ) AS `t6`
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
    ON `t6`.`customer` = `t3`.`merged`
) AS `t7`
