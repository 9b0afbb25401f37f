#include "lab/invariant_checker.h"

#include "acknowledged_records_survive.h"
#include "consumers_stay_below_high_watermark.h"
#include "high_watermark_never_goes_back.h"
#include "invariant.h"
#include "lab_cluster.h"
#include "logs_agree.h"
#include "one_leader_per_epoch.h"
#include "replica_reader.h"

namespace streamscope::lab {

struct InvariantChecker::Impl {
  explicit Impl(Lab& watched)
      : lab(watched), replicas(watched.world(), watched.description().brokers, LabCluster::kControllerId) {}

  Lab& lab;
  ReplicaReader replicas;
  std::vector<std::unique_ptr<Invariant>> invariants;
  const AcknowledgedRecordsSurvive* acknowledged = nullptr;
  uint64_t subscription = 0;
};

InvariantChecker::InvariantChecker(Lab& lab) : m_impl(std::make_unique<Impl>(lab)) {
  auto acknowledged = std::make_unique<AcknowledgedRecordsSurvive>(m_impl->replicas);
  m_impl->acknowledged = acknowledged.get();
  m_impl->invariants.push_back(std::move(acknowledged));
  m_impl->invariants.push_back(std::make_unique<LogsAgree>(m_impl->replicas));
  m_impl->invariants.push_back(std::make_unique<HighWatermarkNeverGoesBack>());
  m_impl->invariants.push_back(std::make_unique<OneLeaderPerEpoch>());
  m_impl->invariants.push_back(std::make_unique<ConsumersStayBelowHighWatermark>());
  m_impl->subscription = lab.subscribe([this](const world::TraceEvent& event) {
    for (const auto& invariant : m_impl->invariants) invariant->onEvent(event);
  });
}

InvariantChecker::~InvariantChecker() {
  m_impl->lab.unsubscribe(m_impl->subscription);
}

void InvariantChecker::checkNow() {
  for (const auto& invariant : m_impl->invariants) invariant->check();
}

std::vector<std::string> InvariantChecker::violations() const {
  std::vector<std::string> all;
  for (const auto& invariant : m_impl->invariants)
    for (const std::string& violation : invariant->violations())
      all.push_back(std::string(invariant->promise()) + " " + violation);
  return all;
}

int64_t InvariantChecker::batchesAcknowledged() const {
  return m_impl->acknowledged->batchesAcknowledged();
}

}  // namespace streamscope::lab
