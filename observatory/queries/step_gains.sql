-- The steps of one wave, the one that moves most companies first, and what each would do if a share of those took it.
SELECT rank, step, dimension, stage, cost, eligible, share_missing, moved, taken_share,
    stage_1, stage_2, stage_3, stage_4, stage_5
FROM step_gain
WHERE wave = $wave AND is_weighted = $is_weighted
ORDER BY rank, taken_share
