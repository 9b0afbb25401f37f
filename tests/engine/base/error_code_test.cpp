#include "base/error_code.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;

class ErrorCodeTest : public QObject {
  Q_OBJECT
 private slots:
  void namesAndNumbersAreKafkas() {
    QCOMPARE(static_cast<int>(ErrorCode::NOT_LEADER_OR_FOLLOWER), 6);
    QCOMPARE(base::errorName(ErrorCode::NOT_LEADER_OR_FOLLOWER), std::string_view("NOT_LEADER_OR_FOLLOWER"));
    QCOMPARE(base::errorName(static_cast<ErrorCode>(999)), std::string_view("UNDEFINED"));
  }

  void clientsRetryWhatKafkaCallsRetriable() {
    QVERIFY(base::isRetriable(ErrorCode::NOT_ENOUGH_REPLICAS));
    QVERIFY(!base::refreshesMetadata(ErrorCode::NOT_ENOUGH_REPLICAS));
    QVERIFY(base::refreshesMetadata(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    QVERIFY(!base::isRetriable(ErrorCode::MESSAGE_TOO_LARGE));
  }
};

STREAMSCOPE_TEST(ErrorCodeTest);
#include "error_code_test.moc"
