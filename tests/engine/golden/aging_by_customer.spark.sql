SELECT
  `t12`.`customer`,
  `t12`.`key`,
  `t4`.`name`,
  `t12`.`currency`,
  `t12`.`bucket`,
  `t12`.`open`,
  `t12`.`items`,
  `t12`.`oldest_due`
FROM (
  SELECT
    COALESCE(`t10`.`survivor`, `t10`.`customer`) AS `customer`,
    `t10`.`currency`,
    `t10`.`bucket`,
    `t10`.`open`,
    `t10`.`items`,
    `t10`.`oldest_due`,
    COALESCE(`t10`.`survivor`, `t10`.`customer`) AS `key`
  FROM (
    SELECT
      `t9`.`customer`,
      `t9`.`currency`,
      `t9`.`bucket`,
      `t9`.`open`,
      `t9`.`items`,
      `t9`.`oldest_due`,
      `t6`.`merged`,
      `t6`.`survivor`
    FROM (
      SELECT
        `t7`.`customer`,
        `t7`.`currency`,
        `t7`.`bucket`,
        CAST(CAST(SUM(`t7`.`open`) AS DECIMAL(38, 0)) AS BIGINT) AS `open`,
        COUNT(*) AS `items`,
        MIN(`t7`.`due`) AS `oldest_due`
      FROM (
        SELECT
          `t1`.`item`,
          `t1`.`customer`,
          `t1`.`currency`,
          `t1`.`seller`,
          `t1`.`debit`,
          `t1`.`due`,
          `t1`.`open`,
          `t1`.`since`,
          `t1`.`until`,
          IF(
            `t1`.`debit`,
            IF(
              `t1`.`due` >= CAST('2024-03-31' AS DATE),
              0,
              IF(
                `t1`.`due` >= CAST('2024-03-01' AS DATE),
                1,
                IF(
                  `t1`.`due` >= CAST('2024-01-31' AS DATE),
                  2,
                  IF(`t1`.`due` >= CAST('2024-01-01' AS DATE), 3, 4)
                )
              )
            ),
            -1
          ) AS `bucket`
        FROM `steps` AS `t1`
        WHERE
          `t1`.`since` <= CAST('2024-03-31' AS DATE)
          AND (
            (
              `t1`.`until` IS NULL
            ) OR (
              `t1`.`until` > CAST('2024-03-31' AS DATE)
            )
          )
      ) AS `t7`
      GROUP BY
        1,
        2,
        3
    ) AS `t9`
    LEFT OUTER JOIN (
      SELECT
        `t2`.`code` AS `merged`,
        `t2`.`survivor`
      FROM `survivors` AS `t2`
      WHERE
        `t2`.`since` <= CAST('2024-03-31' AS DATE)
        AND (
          (
            `t2`.`until` IS NULL
          ) OR (
            `t2`.`until` > CAST('2024-03-31' AS DATE)
          )
        )
    ) AS `t6`
      ON `t9`.`customer` = `t6`.`merged`
  ) AS `t10`
) AS `t12`
LEFT OUTER JOIN (
  SELECT
    `t0`.`code`,
    `t0`.`name`
  FROM `customers` AS `t0`
) AS `t4`
  ON `t12`.`key` = `t4`.`code`
