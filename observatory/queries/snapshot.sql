-- Return what the snapshot says of itself.
select key, value from snapshot
