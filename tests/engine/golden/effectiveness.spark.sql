SELECT
  *
FROM (
  SELECT
    `t12`.`customer`,
    `t12`.`currency`,
    CAST(CAST(SUM(`t12`.`opening`) AS DECIMAL(38, 0)) AS BIGINT) AS `opening`,
    CAST(CAST(SUM(`t12`.`sales`) AS DECIMAL(38, 0)) AS BIGINT) AS `sales`,
    CAST(CAST(SUM(`t12`.`closing`) AS DECIMAL(38, 0)) AS BIGINT) AS `closing`,
    CAST(CAST(SUM(`t12`.`current`) AS DECIMAL(38, 0)) AS BIGINT) AS `current`
  FROM (
    SELECT
      COALESCE(`t11`.`survivor`, `t11`.`customer`) AS `customer`,
      `t11`.`currency`,
      `t11`.`opening`,
      `t11`.`sales`,
      `t11`.`closing`,
      `t11`.`current`
    FROM (
      SELECT
        `t10`.`customer`,
        `t10`.`currency`,
        `t10`.`opening`,
        `t10`.`sales`,
        `t10`.`closing`,
        `t10`.`current`,
        `t5`.`merged`,
        `t5`.`survivor`
      FROM (
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t2`.`customer`,
              `t2`.`currency`,
              `t2`.`open` AS `opening`,
              CAST(0 AS BIGINT) AS `sales`,
              CAST(0 AS BIGINT) AS `closing`,
              CAST(0 AS BIGINT) AS `current`
            FROM `steps` AS `t2`
            WHERE
              `t2`.`since` <= CAST('2024-02-29' AS DATE)
              AND (
                (
                  `t2`.`until` IS NULL
                ) OR (
                  `t2`.`until` > CAST('2024-02-29' AS DATE)
                )
              )
          ) AS `t4`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t2`.`customer`,
              `t2`.`currency`,
              CAST(0 AS BIGINT) AS `opening`,
              CAST(0 AS BIGINT) AS `sales`,
              `t2`.`open` AS `closing`,
              IF(`t2`.`debit` AND (
                `t2`.`due` >= CAST('2024-03-31' AS DATE)
              ), `t2`.`open`, 0) AS `current`
            FROM `steps` AS `t2`
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
        ) AS `t7`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t0`.`customer`,
            `t0`.`currency`,
            IF(
              (
                `t0`.`kind` = 'opening'
              )
              OR (
                (
                  `t0`.`kind` = 'credit_note'
                )
                AND (
                  COALESCE(`t0`.`reason`, '') = 'opening'
                )
              ),
              `t0`.`amount` * CAST(`t0`.`sign` AS BIGINT),
              0
            ) AS `opening`,
            IF(
              `t0`.`kind` IN ('invoice', 'debit_note')
              OR (
                (
                  `t0`.`kind` = 'credit_note'
                )
                AND NOT (
                  COALESCE(`t0`.`reason`, '') IN ('opening', 'discount')
                )
              ),
              `t0`.`amount` * CAST(`t0`.`sign` AS BIGINT),
              0
            ) AS `sales`,
            CAST(0 AS BIGINT) AS `closing`,
            CAST(0 AS BIGINT) AS `current`
          FROM `items` AS `t0`
          WHERE
            `t0`.`date` >= CAST('2024-03-01' AS DATE)
            AND `t0`.`date` <= CAST('2024-03-31' AS DATE)
        ) AS `t8`
      ) AS `t10`
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
      ) AS `t5`
        ON `t10`.`customer` = `t5`.`merged`
    ) AS `t11`
  ) AS `t12`
  GROUP BY
    1,
    2
) AS `t13`
ORDER BY
  `t13`.`customer` ASC NULLS LAST,
  `t13`.`currency` ASC NULLS LAST
