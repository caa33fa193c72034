enum LedgerSkeleton {}
