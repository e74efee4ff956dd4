import NumericalMethods
import Structures

extension Snapshot {
  /// The picture as SVG, with a key of the elements, the directions of the edges and a scale bar.
  ///
  /// - Parameter width: In pixels; at least 100.
  public func svg(width: Double = 640) -> String {
    SnapshotDrawing(scene: scene, width: max(100, width)).svg(title: caption)
  }
}
