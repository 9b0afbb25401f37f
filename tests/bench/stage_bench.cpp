#include <benchmark/benchmark.h>

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <algorithm>
#include <chrono>
#include <vector>

#include "stage/stage_painter.h"
#include "support/reference_scenes.h"
#include "support/scene_builder.h"

// What one frame of the stage costs with software rendering: every frame a tenth of the lanes has a new record (or all
// of them), and messages are on their way. Frames are painted into an image of 1600 x 900 pixels.

namespace {

using namespace streamscope;
using namespace streamscope::ui;

void paintFrames(benchmark::State& state) {
  const auto brokers = static_cast<int>(state.range(0));
  const auto lanes = static_cast<int>(state.range(1));
  const auto share = static_cast<size_t>(state.range(2));
  auto snapshot = *support::largeCluster(brokers, lanes);
  const QSize size(1600, 900);
  const auto layout = layOutStage(snapshot, QSizeF(size), 1, 1);
  LaneScales scales;
  FlightBoard board;
  const Selection selection = BrokerSelected{1};
  StagePainter painter{Theme(Appearance{})};
  QImage image(size, QImage::Format_RGB32);
  const auto traffic = support::trafficBefore(snapshot);
  board.take(traffic, snapshot.time, 1, 1000);

  std::vector<double> frames;
  size_t turn = 0;
  for ([[maybe_unused]] auto _ : state) {
    size_t index = 0;
    for (auto& broker : snapshot.brokers)
      for (auto& replica : broker.replicas)
        if (++index % (100 / share) == turn % (100 / share)) replica.logEndOffset++;
    ++turn;
    const auto start = std::chrono::steady_clock::now();
    scales.update(snapshot, {}, 20);
    QPainter p(&image);
    painter.paint(p, {snapshot, layout, scales, board, selection, selection, {}, size, 1, 1100, false, false, true});
    p.end();
    frames.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  // The first frame paints everything.
  if (frames.size() > 1) frames.erase(frames.begin());
  std::ranges::sort(frames);
  state.counters["median_ms"] = frames[frames.size() / 2];
  state.counters["p99_ms"] = frames[std::min(frames.size() - 1, frames.size() * 99 / 100)];
}

BENCHMARK(paintFrames)
    ->Name("stage_frame")
    ->ArgNames({"brokers", "lanes", "dirty_percent"})
    ->Args({3, 12, 10})
    ->Args({3, 12, 100})
    ->Args({6, 60, 10})
    ->Args({12, 200, 10})
    ->Args({12, 200, 100})
    ->Iterations(500)
    ->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
