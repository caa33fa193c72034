/// One step of a program: an operation, and what it needs to know.
///
/// Operands are on a stack. An operation takes its operands from there and leaves its result; a failed one leaves an error,
/// which is a value like others until an operation that absorbs it.
struct Instruction: BitwiseCopyable {
  enum Code: UInt8 {
    /// The result is on the stack.
    case end
    /// The error `small`.
    case fail
    /// Constant `first`.
    case constant
    /// The value in slot `first`; `timeSlot` reads a text there as a date or a moment.
    case slot, timeSlot
    /// Whether slot `first` holds more than null.
    case hasSlot
    /// Variable of the macro at level `first`.
    case local
    /// Member with the name in constant `first`; `small` 1: null where there is none.
    case select
    /// Whether there is such a member; `small` 1: and it is not null.
    case has
    case index
    /// `first` elements; `first` pairs.
    case list, map
    case not, negate
    case add, subtract, multiply, divide, modulo
    case equal, unequal, less, lessEqual, greater, greaterEqual, contained
    /// The first operand of a row: to `first` where it decides the row.
    case and, or
    /// A later operand: merged with what is known of the row; to `first` where it decides.
    case andNext, orNext
    /// The condition of `?:`. False: to `first`. Neither: its error is the result, to `second`.
    case branch
    case jump
    /// Begins macro `small` with the variable at level `first`; to `second` where there is no list.
    case iterate
    /// The next element; to `second` where there is none.
    case next
    /// Takes the body's value into the result of macro `small`; to `first` for the next element, to `second` when decided.
    case step
    /// The condition of a `map` with three arguments: to `first` where it is false, to `second` where it fails.
    case skip
    /// The result of macro `small`.
    case finish
    /// Function `first` with `small` arguments.
    case call
    /// Pattern `first` on the operand.
    case match
    /// Part `small` (a `FunctionCode`) of a timestamp in zone `first`.
    case timePart
  }

  var code: Code
  var small: UInt8 = 0
  var first: Int32 = 0
  var second: Int32 = 0

  init(_ code: Code, small: UInt8 = 0, first: Int = 0, second: Int = 0) {
    self.code = code
    self.small = small
    self.first = Int32(truncatingIfNeeded: first)
    self.second = Int32(truncatingIfNeeded: second)
  }
}
