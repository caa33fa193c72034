enum ControlSkeleton {}
