enum GHLSkeleton {}
