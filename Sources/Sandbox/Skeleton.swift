import Hummingbird
enum SandboxSkeleton {}
