SELECT
  *
FROM (
  SELECT
    `t10`.`item`,
    `t10`.`posted_to` AS `customer`,
    `t10`.`customer` AS `owner`,
    `t3`.`number`,
    `t3`.`entry`,
    `t3`.`kind`,
    `t3`.`date`,
    `t10`.`due`,
    `t10`.`currency`,
    `t10`.`seller`,
    `t3`.`amount` * `t3`.`sign` AS `amount`,
    `t10`.`open`,
    `t10`.`bucket`
  FROM (
    SELECT
      `t8`.`item`,
      COALESCE(`t8`.`survivor`, `t8`.`customer`) AS `customer`,
      `t8`.`currency`,
      `t8`.`seller`,
      `t8`.`debit`,
      `t8`.`due`,
      `t8`.`open`,
      `t8`.`since`,
      `t8`.`until`,
      `t8`.`bucket`,
      `t8`.`posted_to`,
      CAST(NULL AS STRING) AS `key`
    FROM (
      SELECT
        `t7`.`item`,
        `t7`.`customer`,
        `t7`.`currency`,
        `t7`.`seller`,
        `t7`.`debit`,
        `t7`.`due`,
        `t7`.`open`,
        `t7`.`since`,
        `t7`.`until`,
        `t7`.`bucket`,
        `t7`.`posted_to`,
        `t5`.`merged`,
        `t5`.`survivor`
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
          ) AS `bucket`,
          `t1`.`customer` AS `posted_to`
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
      ) AS `t5`
        ON `t7`.`customer` = `t5`.`merged`
    ) AS `t8`
  ) AS `t10`
  INNER JOIN `items` AS `t3`
    ON `t10`.`item` = `t3`.`id`
) AS `t11`
ORDER BY
  `t11`.`due` ASC NULLS LAST,
  `t11`.`item` ASC NULLS LAST
