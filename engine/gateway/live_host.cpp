#include "gateway/live_host.h"

#include <asio.hpp>
#include <system_error>
#include <thread>

#include "engine_loop.h"
#include "exchange.h"
#include "open_file_limit.h"
#include "port_plan.h"
#include "temporary_directory.h"

namespace streamscope::gateway {

struct LiveHost::Impl {
  explicit Impl(bool isPlaying) : exchange(isPlaying, [this] { asio::post(context, [] {}); }) {}

  // Destroyed last to first: the loop's sockets go before their context, the files before their directory.
  TemporaryDirectory temporaryDirectory;
  asio::io_context context{1};
  Exchange exchange;
  std::string bootstrapServers;
  std::unique_ptr<EngineLoop> loop;
  std::thread thread;
};

namespace {

std::string bootstrapServersOf(const std::map<base::BrokerId, uint16_t>& ports) {
  std::string text;
  for (const auto& [broker, port] : ports) text += (text.empty() ? "localhost:" : ",localhost:") + std::to_string(port);
  return text;
}

base::TimestampMs wallClockMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

LiveHost::LiveHost(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

base::Result<std::unique_ptr<LiveHost>> LiveHost::start(const lab::LabDescription& description,
                                                        const Options& options) {
  try {
    const size_t openFileLimit = raiseOpenFileLimit();
    auto impl = std::make_unique<Impl>(!options.startPaused && !options.startAt);
    lab::Lab::Options labOptions;
    labOptions.dataDirectory = options.dataDirectory;
    labOptions.seed = options.seed;
    labOptions.recordTo = options.recordTo;
    if (!options.startAt) labOptions.startMs = wallClockMs();
    if (options.dataDirectory.empty()) {
      auto directory = TemporaryDirectory::create();
      if (!directory) return base::fail(directory.error());
      impl->temporaryDirectory = std::move(*directory);
      labOptions.dataDirectory = impl->temporaryDirectory.path();
    }
    PortPlan plan;
    if (!options.withoutListeners) {
      auto opened = openListeners(impl->context, description.brokers, options.basePort);
      if (!opened) return base::fail(opened.error());
      plan = std::move(*opened);
    }
    for (const auto& [broker, listener] : plan.listeners) labOptions.ports[broker] = listener->port();
    auto lab = lab::Lab::open(description, labOptions);
    if (!lab) return base::fail(lab.error());
    if (options.startAt) (*lab)->runUntil(*options.startAt);
    for (std::string& notice : plan.notices) impl->exchange.addNotice(std::move(notice));
    impl->bootstrapServers = bootstrapServersOf(labOptions.ports);
    EngineLoop::Options loopOptions;
    loopOptions.publishesSnapshots = options.publishSnapshots;
    loopOptions.connectionsMax = externalConnectionsMax(openFileLimit);
    impl->loop = std::make_unique<EngineLoop>(impl->context, impl->exchange, std::move(*lab), std::move(plan.listeners),
                                              loopOptions);
    impl->thread = std::thread([loop = impl->loop.get()] { loop->run(); });
    return std::unique_ptr<LiveHost>(new LiveHost(std::move(impl)));
  } catch (const std::system_error& error) {
    // Asio and std::thread have no other way to say that the system is out of descriptors or threads.
    return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR,
                      std::string("The lab cannot be started: ") + error.what() + ".");
  }
}

LiveHost::~LiveHost() {
  if (!m_impl->thread.joinable()) return;
  m_impl->exchange.requestEnding(Ending::Kill);
  m_impl->thread.join();
}

void LiveHost::stopCleanly() {
  if (!m_impl->thread.joinable()) return;
  m_impl->exchange.requestEnding(Ending::ShutDownCleanly);
  m_impl->thread.join();
}

std::string LiveHost::bootstrapServers() const {
  return m_impl->bootstrapServers;
}

bool LiveHost::waitUntilReady(std::chrono::milliseconds limit) {
  return m_impl->exchange.waitUntilReady(limit);
}

void LiveHost::execute(lab::Command command, std::function<void(base::Status)> onOutcome) {
  m_impl->exchange.post({std::move(command), std::move(onOutcome)});
}

lab::SnapshotPtr LiveHost::snapshot() const {
  return m_impl->exchange.snapshot();
}

lab::LiveLab::TraceBatch LiveHost::takeTrace() {
  return m_impl->exchange.takeTrace();
}

void LiveHost::play() {
  m_impl->exchange.setPlaying(true);
}

void LiveHost::pause() {
  m_impl->exchange.setPlaying(false);
}

bool LiveHost::isPlaying() const {
  return m_impl->exchange.isPlaying();
}

void LiveHost::step(lab::StepKind kind) {
  m_impl->exchange.requestStep(kind);
}

void LiveHost::setSpeed(double factor) {
  m_impl->exchange.setSpeed(factor);
}

double LiveHost::speed() const {
  return m_impl->exchange.speed();
}

std::vector<std::string> LiveHost::takeNotices() {
  return m_impl->exchange.takeNotices();
}

}  // namespace streamscope::gateway
