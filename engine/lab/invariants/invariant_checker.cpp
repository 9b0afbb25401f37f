#include "invariant_checker.h"

#include "acknowledged_records_survive.h"
#include "consumers_stay_below_high_watermark.h"
#include "high_watermark_never_goes_back.h"
#include "lab_cluster.h"
#include "logs_agree.h"
#include "one_leader_per_epoch.h"

namespace streamscope::lab {

InvariantChecker::InvariantChecker(Lab& lab)
    : m_lab(lab), m_replicas(lab.world(), lab.description().brokers, LabCluster::kControllerId) {
  auto acknowledged = std::make_unique<AcknowledgedRecordsSurvive>(m_replicas);
  m_acknowledged = acknowledged.get();
  m_invariants.push_back(std::move(acknowledged));
  m_invariants.push_back(std::make_unique<LogsAgree>(m_replicas));
  m_invariants.push_back(std::make_unique<HighWatermarkNeverGoesBack>());
  m_invariants.push_back(std::make_unique<OneLeaderPerEpoch>());
  m_invariants.push_back(std::make_unique<ConsumersStayBelowHighWatermark>());
  m_subscription = m_lab.subscribe([this](const world::TraceEvent& event) {
    for (const auto& invariant : m_invariants) invariant->onEvent(event);
  });
}

InvariantChecker::~InvariantChecker() {
  m_lab.unsubscribe(m_subscription);
}

void InvariantChecker::checkNow() {
  for (const auto& invariant : m_invariants) invariant->check();
}

std::vector<std::string> InvariantChecker::violations() const {
  std::vector<std::string> all;
  for (const auto& invariant : m_invariants)
    for (const std::string& violation : invariant->violations())
      all.push_back(std::string(invariant->promise()) + " " + violation);
  return all;
}

int64_t InvariantChecker::batchesAcknowledged() const {
  return m_acknowledged->batchesAcknowledged();
}

}  // namespace streamscope::lab
