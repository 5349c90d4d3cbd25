-- Return one row per activity: who stands behind it, its codes as numbers, and what it adds to each measure.
SELECT
    COALESCE(who_holding.number, who_company.number, who_ngo.number) AS entity,
    who_company.number AS company,
    who_ngo.number AS ngo,
    EXTRACT(YEAR FROM activity.start_date) AS year,
    EXTRACT(YEAR FROM activity.start_date) * 100 + EXTRACT(MONTH FROM activity.start_date) AS month,
    code_sector.number AS sector,
    code_region.number AS region,
    code_theme.number AS theme,
    code_size.number AS size,
    code_form.number AS form,
    code_ownership.number AS ownership,
    code_holding.number AS holding,
    1 AS activities,
    activity.volunteers_count AS participations,
    activity.hours AS hours,
    CASE WHEN activity.is_paid_time THEN activity.hours WHEN NOT activity.is_paid_time THEN activity.hours * 0 END
        AS paid_hours,
    activity.skilled_hours AS skilled_hours,
    activity.beneficiaries_count AS beneficiaries,
    activity.cost_amount AS cost,
    activity.requested_count AS requested
FROM activity
LEFT JOIN company
    ON company.company_id = activity.company_id
    AND (company.valid_from IS NULL OR company.valid_from <= activity.start_date)
    AND (company.valid_to IS NULL OR company.valid_to >= activity.start_date)
LEFT JOIN who AS who_holding ON who_holding.kind = 'holding' AND who_holding.id = company.holding_id
LEFT JOIN who AS who_company ON who_company.kind = 'company' AND who_company.id = activity.company_id
LEFT JOIN who AS who_ngo ON who_ngo.kind = 'ngo' AND who_ngo.id = activity.ngo_id
JOIN code_sector ON code_sector.code = COALESCE(company.sector_code, '_U')
JOIN code_region ON code_region.code = COALESCE(activity.region_code, '_U')
JOIN code_theme ON code_theme.code = COALESCE(activity.theme_code, '_U')
JOIN code_size ON code_size.code = COALESCE(company.size_code, '_U')
JOIN code_form ON code_form.code = COALESCE(activity.form_code, '_U')
JOIN code_ownership ON code_ownership.code = COALESCE(company.ownership_code, '_U')
JOIN code_holding ON code_holding.code = CASE
    WHEN company.company_id IS NULL THEN '_U'
    WHEN company.holding_id IS NULL THEN 'alone'
    ELSE 'in_holding'
END
