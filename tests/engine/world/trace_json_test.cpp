#include "world/trace_json.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::world;

namespace {

/// The expectations below are written with ' for ".
QString quoted(const char* json) {
  return QString::fromUtf8(json).replace('\'', '"');
}

QString jsonOf(EventPayload payload) {
  return QString::fromStdString(toJson({3, 2, base::VirtualTime(base::Duration(1500)), std::move(payload)}));
}

}  // namespace

class TraceJsonTest : public QObject {
  Q_OBJECT
 private slots:
  void everyFieldInItsOrder() {
    QCOMPARE(jsonOf(RequestSent{clientAddress(1),
                                brokerAddress(2),
                                protocol::ApiKey::Produce,
                                9,
                                4,
                                base::VirtualTime(base::Duration(2000)),
                                77,
                                {"orders", 1}}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'RequestSent','from':'client 1','to':'broker 2',"
                    "'api':'Produce','version':9,'correlationId':4,'due':2000,'recordBytes':77,"
                    "'partition':'orders-1'}"));
  }

  void listsAndWords() {
    QCOMPARE(jsonOf(PartitionChanged{{"orders", 1}, 1, 2, 5, 8, {1, 2, 3}, {2, 3}}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'PartitionChanged','partition':'orders-1',"
                    "'leaderBefore':1,'leader':2,'leaderEpoch':5,'partitionEpoch':8,'isrBefore':[1,2,3],'isr':[2,3]}"));
    QCOMPARE(jsonOf(NodeStopped{brokerAddress(2), NodeStopped::Manner::Gracefully}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'NodeStopped','node':'broker 2','manner':'Gracefully'}"));
    QCOMPARE(jsonOf(PartitionsLost{clientAddress(1), "billing", {{"orders", 0}, {"orders", 1}}, "late"}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'PartitionsLost','client':'client 1','group':'billing',"
                    "'partitions':['orders-0','orders-1'],'reason':'late'}"));
    QCOMPARE(jsonOf(PurgatoryLeft{brokerAddress(2), protocol::ApiKey::Fetch, 1, true}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'PurgatoryLeft','node':'broker 2','api':'Fetch',"
                    "'correlationId':1,'timedOut':true}"));
  }

  void namesFromOutsideNeverBreakTheLine() {
    QCOMPARE(jsonOf(TopicDeleted{"a\"b\n\xff"}),
             quoted("{'id':3,'cause':2,'timeUs':1500,'event':'TopicDeleted','topic':'a\\'b\\n\xEF\xBF\xBD'}"));
  }

  void everyKindHasItsName() {
    QCOMPARE(std::string(eventName(RecordsAppended{})), std::string("RecordsAppended"));
    QCOMPARE(std::string(eventName(CommandExecuted{})), std::string("CommandExecuted"));
  }
};

STREAMSCOPE_TEST(TraceJsonTest);
#include "trace_json_test.moc"
