/// The patterns of a figure. Each figure has its own, under its own id.
struct Textures {
  let id: String

  /// The value of `fill` for a tone; nil where its plain color, which the class gives, is enough.
  func fill(_ tone: Tone) -> String? { tone.texture == .plain ? nil : "url(#\(id)-\(tone.rawValue))" }

  /// `defs` with the patterns of these tones.
  func define(_ tones: [Tone], in markup: inout Markup) {
    let textured = Tone.allCases.filter { tones.contains($0) && $0.texture != .plain }
    guard !textured.isEmpty else { return }
    markup.element("defs") { markup in
      for tone in textured {
        markup.element(
          "pattern", ["id": "\(id)-\(tone.rawValue)", "patternUnits": "userSpaceOnUse", "width": "6", "height": "6"]
        ) {
          $0.shape("rect", ["width": "6", "height": "6", "class": tone.className])
          switch tone.texture {
          case .plain: break
          case .stripes: $0.shape("path", ["d": "M-1 1l2-2M0 6l6-6M5 7l2-2", "class": "wf-ink"])
          case .backstripes: $0.shape("path", ["d": "M-1 5l2 2M0 0l6 6M5-1l2 2", "class": "wf-ink"])
          case .grid: $0.shape("path", ["d": "M0 3h6M3 0v6", "class": "wf-ink"])
          case .dots: $0.shape("circle", ["cx": "3", "cy": "3", "r": "1.2", "class": "wf-dot"])
          }
        }
      }
    }
  }

  /// A small square of that tone, for a key.
  func swatch(_ tone: Tone, in markup: inout Markup) {
    markup.element("svg", ["class": "wf-swatch", "width": "14", "height": "14", "aria-hidden": "true"]) {
      $0.shape(
        "rect",
        [
          "x": "0.5", "y": "0.5", "width": "13", "height": "13", "class": tone.className,
          "style": fill(tone).map { "fill:\($0)" },
        ])
    }
  }
}
