#include "simulation/swarm.h"

#include <QTest>
#include <set>

#include "fault_kinds.h"
#include "lab/lab_file.h"
#include "support/test_registry.h"

using namespace streamscope;

class SwarmTest : public QObject {
  Q_OBJECT
 private slots:
  void aSeedIsAWorld() {
    QVERIFY(simulation::drawTrial(7) == simulation::drawTrial(7));
    QVERIFY(simulation::drawTrial(7) != simulation::drawTrial(8));
  }

  void everyWorldIsALabFile() {
    for (uint64_t seed = 1; seed <= 300; ++seed) {
      const lab::LabDescription lab = simulation::withFaults(simulation::drawTrial(seed));
      const auto read = lab::parseLabFile(lab::writeLabFile(lab));
      QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
      QVERIFY(*read == lab);
    }
  }

  void worldsDiffer() {
    std::set<int32_t> brokers, controllers;
    std::set<std::string> kinds;
    std::set<int16_t> acks;
    size_t withoutKills = 0;
    for (uint64_t seed = 1; seed <= 300; ++seed) {
      const simulation::Trial trial = simulation::drawTrial(seed);
      brokers.insert(trial.lab.brokers);
      controllers.insert(trial.lab.controllers);
      for (const lab::StartProducer& producer : trial.lab.producers) acks.insert(producer.acks);
      bool hasKill = false;
      for (const simulation::Fault& fault : trial.faults) {
        kinds.insert(fault.kind);
        hasKill = hasKill || fault.kind.starts_with("kill");
      }
      if (!hasKill) ++withoutKills;
    }
    QCOMPARE(brokers.size(), size_t{5});
    QVERIFY(controllers == std::set<int32_t>({1, 3, 5}));
    QCOMPARE(acks.size(), size_t{3});
    QCOMPARE(kinds.size(), simulation::faultKinds().size());
    // A swarm: some worlds know nothing of what others are full of.
    QVERIFY(withoutKills > 20);
    QVERIFY(withoutKills < 280);
  }

  void everyFaultIsRepaired() {
    const lab::LabDescription lab = simulation::drawTrial(1).lab;
    for (const simulation::FaultKind& kind : simulation::faultKinds()) {
      base::Random random(5);
      simulation::Fault fault;
      kind.draw(random, lab, fault);
      QVERIFY2(!fault.breaks.empty() && !fault.repairs.empty(), std::string(kind.name).c_str());
    }
  }
};

STREAMSCOPE_TEST(SwarmTest);
#include "swarm_test.moc"
