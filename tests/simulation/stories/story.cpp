#include "story.h"

#include <algorithm>

namespace streamscope::test {
namespace {

using namespace std::chrono_literals;

const base::TopicPartition kPartition{"orders", 0};
constexpr int32_t kControllerId = 100;
/// Messages that go well are most of a trace, and no story asks for them.
bool isOfInterest(const world::TraceEvent& event) {
  if (const auto* response = std::get_if<world::ResponseSent>(&event.payload)) return response->errorCode != 0;
  return !std::holds_alternative<world::RequestSent>(event.payload) &&
         !std::holds_alternative<world::RequestReceived>(event.payload) &&
         !std::holds_alternative<world::ResponseReceived>(event.payload);
}

}  // namespace

Story::Story(const Setting& setting) {
  lab::LabDescription description;
  description.name = "story";
  description.brokerConfigs = setting.brokerConfigs;
  description.controllers = setting.controllers;
  description.topics = {{kPartition.topic, 1, setting.replicationFactor, setting.topicConfigs}};
  lab::StartProducer producer;
  producer.name = "checkout";
  producer.topic = kPartition.topic;
  producer.recordsPerSecond = 50;
  producer.acks = setting.acks;
  producer.enableIdempotence = setting.acks == -1;
  description.producers = {producer};
  auto opened = lab::Lab::open(description, {});
  if (!opened) qFatal("%s", opened.error().message.c_str());
  m_lab = std::move(*opened);
  m_invariants = std::make_unique<lab::InvariantChecker>(*m_lab);
  m_lab->subscribe([this](const world::TraceEvent& event) { remember(event); });
  after(10s);
}

void Story::remember(const world::TraceEvent& event) {
  if (const auto* appended = std::get_if<world::RecordsAppended>(&event.payload);
      appended && appended->asLeader && appended->partition == kPartition)
    for (base::Offset offset = appended->firstOffset; offset <= appended->lastOffset; ++offset)
      m_writtenIn[offset] = appended->leaderEpoch;
  if (const auto* told = std::get_if<world::RecordsAcknowledged>(&event.payload); told && told->firstOffset >= 0)
    for (base::Offset offset = told->firstOffset; offset < told->firstOffset + told->records; ++offset)
      m_acknowledged.emplace(offset, m_writtenIn.at(offset));
  if (isOfInterest(event)) m_trace.push_back(event);
}

Story& Story::after(base::Duration time) {
  m_lab->runUntil(m_lab->now() + time);
  look();
  return *this;
}

base::Duration Story::until(const std::function<bool()>& isSo, base::Duration limit) {
  const base::VirtualTime begin = m_lab->now();
  while (m_lab->now() - begin < limit) {
    look();
    if (isSo()) return m_lab->now() - begin;
    m_lab->runUntil(m_lab->now() + 10ms);
  }
  return limit;
}

Story& Story::command(const lab::Command& command) {
  if (const base::Status done = m_lab->execute(command); !done) qFatal("%s", done.error().message.c_str());
  look();
  return *this;
}

Story& Story::kill(base::BrokerId broker) {
  return command(lab::KillBroker{broker});
}
Story& Story::stop(base::BrokerId broker) {
  return command(lab::StopBroker{broker});
}
Story& Story::start(base::BrokerId broker) {
  return command(lab::StartBroker{broker});
}
Story& Story::killController(int32_t controller) {
  return command(lab::KillController{controller});
}
Story& Story::replaceDisk(base::BrokerId broker) {
  return command(lab::ReplaceDisk{world::brokerAddress(broker)});
}
Story& Story::cut(base::BrokerId a, base::BrokerId b) {
  return command(lab::CutLink{world::brokerAddress(a), world::brokerAddress(b)});
}
Story& Story::heal(base::BrokerId a, base::BrokerId b) {
  return command(lab::HealLink{world::brokerAddress(a), world::brokerAddress(b)});
}
Story& Story::cutFromController(base::BrokerId broker) {
  return command(lab::CutLink{world::brokerAddress(broker), world::controllerAddress(kControllerId)});
}
Story& Story::healToController(base::BrokerId broker) {
  return command(lab::HealLink{world::brokerAddress(broker), world::controllerAddress(kControllerId)});
}

Story& Story::comeToRest() {
  command(lab::StopClient{"checkout"});
  // delivery.timeout.ms, and a little for the last fetches.
  return after(120s + 10s);
}

const lab::PartitionState& Story::partition() const {
  return m_now->topics.at(0).partitions.at(0);
}

const lab::ReplicaState& Story::replica(base::BrokerId broker) const {
  const auto& replicas = m_now->brokers.at(static_cast<size_t>(broker - 1)).replicas;
  const auto found = std::ranges::find(replicas, kPartition, &lab::ReplicaState::partition);
  if (found == replicas.end()) qFatal("broker %d has no replica", broker);
  return *found;
}

int32_t Story::activeController() const {
  const auto active = std::ranges::find_if(m_now->controllers, &lab::ControllerState::isActive);
  return active == m_now->controllers.end() ? -1 : active->id;
}

std::vector<int32_t> Story::controllerIds() const {
  std::vector<int32_t> ids;
  for (const lab::ControllerState& controller : m_now->controllers) ids.push_back(controller.id);
  return ids;
}

int64_t Story::acknowledged() const {
  return m_now->producers.at(0).recordsAcknowledged;
}
int64_t Story::failed() const {
  return m_now->producers.at(0).recordsFailed;
}

std::vector<base::Offset> Story::lost() const {
  const lab::ReplicaReader reader(m_lab->world(), 3, controllerIds());
  const log::PartitionLog* log = reader.log(leader(), kPartition);
  if (log == nullptr) qFatal("nobody leads");
  std::map<base::Offset, base::LeaderEpoch> there;
  for (const auto& [offset, batch] : lab::ReplicaReader::batches(*log, 0, log->logEndOffset()))
    for (base::Offset at = offset; at < offset + batch.recordCount; ++at) there[at] = batch.partitionLeaderEpoch;
  std::vector<base::Offset> lost;
  for (const auto& [offset, epoch] : m_acknowledged)
    if (const auto found = there.find(offset); found == there.end() || found->second != epoch) lost.push_back(offset);
  return lost;
}

std::string Story::broken() {
  m_invariants->checkNow();
  const std::vector<std::string> violations = m_invariants->violations();
  return violations.empty() ? std::string() : violations.front();
}

}  // namespace streamscope::test
