-- Return one row per company and year: who stands behind it, its codes as numbers, and what it adds to each measure.
-- The company is described by the last of its periods that the year touches.
SELECT
    COALESCE(who_holding.number, who_company.number) AS entity,
    who_company.number AS company,
    CAST(NULL AS INTEGER) AS ngo,
    company_year.year AS year,
    code_sector.number AS sector,
    code_region.number AS region,
    code_size.number AS size,
    code_ownership.number AS ownership,
    code_holding.number AS holding,
    company_year.headcount AS headcount,
    company_year.volunteers AS volunteers,
    company_year.volunteers_paid AS volunteers_paid,
    company_year.paid_hours AS reported_paid_hours,
    company_year.own_hours AS reported_own_hours,
    CASE
        WHEN company_year.cost_cash IS NOT NULL
            OR company_year.cost_in_kind IS NOT NULL
            OR company_year.cost_management IS NOT NULL
        THEN COALESCE(company_year.cost_cash, 0)
            + COALESCE(company_year.cost_in_kind, 0)
            + COALESCE(company_year.cost_management, 0)
    END AS programme_cost,
    CASE WHEN company_year.disclosure_grade >= 0 THEN 1 END AS companies_graded,
    CASE WHEN company_year.disclosure_grade > 0 THEN 1 WHEN company_year.disclosure_grade = 0 THEN 0 END
        AS companies_disclosing
FROM company_year
LEFT JOIN (
    SELECT company_year.company_id, company_year.year, MAX(COALESCE(company.valid_from, DATE '1000-01-01')) AS since
    FROM company_year
    JOIN company
        ON company.company_id = company_year.company_id
        AND (company.valid_from IS NULL OR EXTRACT(YEAR FROM company.valid_from) <= company_year.year)
        AND (company.valid_to IS NULL OR EXTRACT(YEAR FROM company.valid_to) >= company_year.year)
    GROUP BY company_year.company_id, company_year.year
) AS period ON period.company_id = company_year.company_id AND period.year = company_year.year
LEFT JOIN company
    ON company.company_id = company_year.company_id
    AND COALESCE(company.valid_from, DATE '1000-01-01') = period.since
LEFT JOIN who AS who_holding ON who_holding.kind = 'holding' AND who_holding.id = company.holding_id
LEFT JOIN who AS who_company ON who_company.kind = 'company' AND who_company.id = company_year.company_id
JOIN code_sector ON code_sector.code = COALESCE(company.sector_code, '_U')
JOIN code_region ON code_region.code = COALESCE(company.region_code, '_U')
JOIN code_size ON code_size.code = COALESCE(company.size_code, '_U')
JOIN code_ownership ON code_ownership.code = COALESCE(company.ownership_code, '_U')
JOIN code_holding ON code_holding.code = CASE
    WHEN company.company_id IS NULL THEN '_U'
    WHEN company.holding_id IS NULL THEN 'alone'
    ELSE 'in_holding'
END
