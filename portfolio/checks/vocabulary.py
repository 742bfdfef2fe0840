"""The words by which a README's topics are known, in the languages that learners write in.

Each line is a list of patterns separated by " / ". Words of scripts without blanks (Chinese, Japanese,
Korean, Thai) are found inside longer runs; all others only as whole words.
"""

import re

#: Losses and scores by which models are judged.
METRIC = (
    r"accuracy|precision|f1(?:[ -]?scores?)?|f-?score|auc|roc|rmse|mae|mape|mse|r2|r²|r-squared|bleu|"
    r"rouge|perplexity|map@?\d*|iou|dice(?: score| coefficient)?|psnr|ssim|fid|wer|cer|top-?[15]|"
    r"error rate|log ?loss|val(?:idation)?[ _]loss|test loss|silhouette(?: score)?|kappa|ndcg|mrr|"
    r"sharpe|gini|准确率|精度|正確率|정확도"
)
NUMBER = r"(?<![\w.])\d{1,4}(?:[.,]\d{1,6})?\s?%?"
#: A metric beside its number: "accuracy of 91 %", "72% ROC-AUC", "F1: 0.83".
SCORED = rf"\b(?:{METRIC})\b[^\d.!?]{{0,40}}?{NUMBER}|{NUMBER}\s(?:\w{{2,12}}[ -])?(?:{METRIC})\b"
#: How data is kept apart for judging.
SPLIT = "test set|test data|validation|cross-?validation|hold-?out|k-?fold|folds?|split"

#: Model families that learners name when they say how they went about it.
FAMILY = (
    r"linear regression|logistic regression|genetic algorithms?|random forests?|decision trees?|"
    r"gradient boosting|xgboost|"
    r"lightgbm|catboost|svm|support vector|naive bayes|k-?nn|nearest neighbou?rs?|k-?means|dbscan|pca|"
    r"t-?sne|umap|cnns?|convolutional|rnns?|lstms?|grus?|transformers?|self-attention|"
    r"attention mechanisms?|\w{0,12}bert\w{0,4}|gpt(?:-?\d)?|resnet\w{0,4}|vgg\w{0,4}|"
    r"u-?net|yolo\w{0,4}|gans?|dcgan|"
    r"autoencoders?|vae|diffusion|word2vec|skip-?gram|tf-?idf|embeddings?|backpropagation|"
    r"q-learning|arima|prophet|ensemble"
)
#: Fields, which name a subject as often as an approach.
FIELD = r"neural networks?|deep learning|reinforcement learning"
#: How something was done, in words that need no model's name.
HOW = (
    r"\b(?:approach(?:es)?|algorithms?|architecture|methods?|techniques?|strateg(?:y|ies)|decomposition|"
    r"from scratch|based on|built (?:on|with|using)|(?:is|are|was) implemented|implementation of|"
    r"works by|combin(?:es|ing)|trained (?:on|with|using)|fine-?tun\w+|step \d|"
    r"feature (?:engineering|selection|extraction)|hyper-?parameters?|grid ?search|transfer learning|"
    r"data augmentation|pre-?processing|dimensionality reduction|over-?sampling|regulari[sz]ation|"
    r"experiment tracking|orchestration|model (?:monitoring|serving|registry|training))\b"
)
#: Public data sets that are known by name.
NAMED_DATA = (
    r"mnist|fashion-?mnist|cifar-?\d{0,3}|imagenet|coco|movielens|iris data|wikitext|imdb|squad|"
    r"openwebtext|tiny ?shakespeare|labeled faces in the wild|celeba|cora|citeseer|pubmed|lfw|glue|"
    r"common crawl|librispeech|penn treebank|boston housing|ames housing|wine quality|wmt ?\d{2,4}|"
    r"pascal voc|kitti|cityscapes|carvana"
)
#: "data" before these is another subject: data flow, data structures.
_OTHER_DATA = (
    r"(?!\s(?:flow|structures?|scien\w+|models?|types?|class\w*|engineer\w*|analy\w+|visuali\w+|"
    r"monitoring|lineage|drift|pipelines?|augmentation|loaders?|driven|versioning|validation))"
)
_OF_DATA = r"(?: sources?| dictionary| description| preparation| collection| used| understanding| preprocessing)?"


def words(*lines: str) -> re.Pattern[str]:
    """A pattern for any of the words in these lines."""
    listed = [word.strip() for line in lines for word in line.split(" / ") if word.strip()]
    inner = "|".join(word for word in listed if _is_unspaced(word))
    whole = "|".join(word for word in listed if not _is_unspaced(word))
    return re.compile(
        "|".join(part for part in (rf"(?<!\w)(?:{whole})(?!\w)" if whole else "", inner) if part),
        re.IGNORECASE,
    )


def phrases(*alternatives: str) -> re.Pattern[str]:
    """A pattern for any of these phrases, anywhere."""
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _is_unspaced(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0eff" or letter >= "\u3040" for letter in word)


#: Words of the heading that announces a topic.
HEADINGS = {
    "problem": words(
        "problem(?: statement)? / motivation / background / objectives? / goals? / overview / about",
        "introduction / purpose / use cases? / abstract / summary / description / target / aim / context",
        "what is [^.]{1,40} / why [^.]{1,40} / the task / project description",
        "objetivos? / introducción / descripción / problema / objetivo / introdução / descrição",
        "objectifs? / présentation / contexte / ziele? / einleitung / überblick / beschreibung",
        "цель / описание / введение / задача / о проекте",
        "motivação / visão geral / resumo / sobre o projeto / resumen / motivación / acerca de / aperçu",
        "amaç / proje hakkında / giriş / mục tiêu / giới thiệu / tujuan / latar belakang / pendahuluan",
        "功能 / 基本功能 / 主要功能 / 機能 / 기능 / 주요 기능",
        "任务 / 简介 / 介绍 / 背景 / 目标 / 概述 / 問題 / 目的 / 概要 / はじめに / 소개 / 개요 / 목표 / 배경",
    ),
    "data": words(
        r"data ?sets?(?: \w+)? / corpus / corpora",
        rf"(?:the |about the |input |raw |training )?data{_OTHER_DATA}{_OF_DATA}",
        "datos / conjunto de datos / données / jeu de données / daten(?:satz)? / dados / данные / датасет",
        "(?:base|fonte|fuente|conjunto|dicionário|diccionario) de (?:dados|datos) / veri seti / veri",
        "dữ liệu / bộ dữ liệu / himpunan data",
        "数据集 / 数据 / 資料 / 資料集 / データ(?:セット)? / 데이터(?:셋)?",
    ),
    "approach": words(
        "approach(?:es)? / methods? / methodology / models?(?: architecture| training| used)?",
        "(?:system |project )?architecture / experiments? / baselines? / feature engineering",
        "how (?:it|this) works / how does (?:it|this) work / pipeline / algorithms? / solution / concepts?",
        "implementation(?: details)? / technical(?: details| overview)? / techniques / design",
        "tech(?:nology)? stack / technologies(?: used)? / (?:key |main )?features / components?",
        "training / modell?ing / preprocessing / workflow / what (?:i|we) (?:tried|did|built)",
        "how (?:i|we) (?:did|built|approached) (?:it|this)",
        "enfoques? / metodología / métodos? / modelos? / méthodes? / modèles? / ansatz / methoden? / modelle?",
        "metodologia / modelagem / arquitetura / arquitectura / tecnologias / tecnologías / ferramentas",
        "herramientas / yöntem / kullanılan teknolojiler / phương pháp / mô hình / metode / arsitektur",
        "подход / модель / метод",
        "方法 / 模型 / 架构 / 算法 / 実装 / 手法 / モデル / 방법 / 모델 / 아키텍처 / 기술 ?스택",
    ),
    "evaluation": words(
        "evaluations? / evaluating / metrics? / validation / cross-?validation / benchmarks?",
        "model evaluation / performance metrics / error analysis",
        "métricas / metrikler / değerlendirme / đánh giá / evaluasi",
        "evaluación / évaluation / auswertung / avaliação / оценка / метрики",
        "评估 / 评价 / 評估 / 評価 / 평가",
    ),
    "results": words(
        "results? / findings / conclusions? / performance / key (?:results|findings|insights)",
        "insights / outcomes? / scores? / leaderboard",
        "sonuçlar / kết quả / hasil / conclusões / conclusão",
        "resultados? / conclusiones / résultats? / ergebnisse? / результаты? / выводы",
        "结果 / 结论 / 結果 / 結論 / 결과 / 결론",
    ),
    "install_run": words(
        r"install(?:ation|ing)?(?: \w+)? / set-?up / setting up / requirements? / prerequisites",
        "getting started / get started / quick ?start / usage / dependencies / environment(?: setup)?",
        "how to (?:run|use|install|train|start)[^.]{0,30} / run(?:ning)?(?: .{1,40})? / instructions",
        r"reproduc\w+ / deployment / build(?:ing)? / docker / demo / examples? / project setup / inference",
        "commands / tutorials?",
        "instalación / uso / utilisation / installieren / nutzung / instalação / установка / запуск",
        "использование / requisitos / pré-requisitos / prérequis / como (?:executar|rodar|usar)[^.]{0,30}",
        "cómo (?:ejecutar|usar|instalar)[^.]{0,30} / ejecución / execução / lancement / ausführung",
        "kurulum / kullanım / çalıştırma / cài đặt / cách chạy / instalasi / cara menjalankan[^.]{0,30}",
        "安装 / 使用 / 运行 / 环境 / インストール / 使い方 / 実行 / 설치 / 사용법 / 실행",
    ),
}

#: Words in the text that are hard evidence of a topic.
EVIDENCE = {
    "problem": phrases(
        r"\b(?:this|the|our|my) (?:project|repository|repo|package|library|app|application|tool|code|site|"
        r"program|course|work|implementation|notebook|paper|system|framework|web ?site)\b.{0,40}?\b"
        r"(?:is|was|aims?|provides?|implements?|contains?|explores?|predicts?|presents?|uses?|shows?|"
        r"demonstrates?|allows?|helps?|builds?|analy[sz]es|includes?|covers?|has|focus(?:es)?|tries|"
        r"consists?)\b",
        r"\b(?:implementation|re-?implementation|re-?production|port|clone|collection|library|framework|"
        r"package|tool|toolkit|engine|workflow|pipeline|app|application|parser|wrapper|module|website|"
        r"service|model|analysis|prediction|classifier|example|demo|starter|guide|path|course|standard|"
        r"simulator|game|plugin|repository|repo|project)\b.{0,30}?\b"
        r"(?:of|for|to|that|which|in|written|built|on|using|with)\b",
        r"\b(?:predict|classify|detect|forecast|recogni[sz]e|segment|generate|recommend)(?:s|ing)?\b.{3,}",
    ),
    "data": phrases(
        r"\b\d[\d,.]{0,12}\s?(?:k|m|million|thousand)?\s(?:rows|samples|images|records|observations|"
        r"examples|instances|reviews|tweets|articles)\b",
        r"\b(?:the|using|on|from|with|uses|used)\s(?:the\s)?[\w\-]{2,30}(?:\s[\w\-]{2,30}){0,4}"
        r"(?<!\bvalidation)(?<!\btraining)(?<!\btest)(?<!\byour)(?<!\bthis)(?<!\bsuch a)\s"
        r"(?:dataset|data set|corpus)\b",
        r"\bdata ?set (?:is|was|contains|consists|used|from|includes)\b",
        r"\bdata (?:is |are |was |were )?(?:collected|gathered|provided|scraped|downloaded|obtained|taken|"
        r"comes|come) (?:by|from|via)\b",
        "数据集",
    ),
    "approach": phrases(rf"\b(?:{FAMILY}|{FIELD})\b", HOW),
    "evaluation": phrases(
        SCORED,
        r"\bevaluation metrics?\b",
        r"\b(?:rmse|mrr|accuracy|f1|roc_auc|r2|precision|recall|log_loss)_score\(",
    ),
    "results": phrases(SCORED),
    "install_run": phrases(
        r"(?:^|[\s`$>!%])(?:pip3?|conda|mamba|uv|poetry|pipenv|npm|yarn|pnpm|cargo|brew|apt|apt-get|gem|go|"
        r"jpm|luarocks|stack|cabal) (?:install|add|sync|create|env|get|ci|run|i|build|test)\b",
        r"(?:^|[\s`$>!])(?:python[\d.]{0,4}|py|julia|rscript|ruby|node|bash|sh|java|sbt|streamlit run|"
        r"jupyter|uvicorn|flask|torchrun|dvc repro|make|mvn|\.?/?gradlew?|docker(?:-compose| compose)?|"
        r"git clone|mlflow|npx|cmake|source)\s+[\w./\-]",
        r"\binstall\.packages|\binstall_github|\bpkg\.add|\bdevtools::|\bBiocManager::",
        r"(?:^|[\s`$>])\./[\w\-]{1,40}\.(?:sh|py|R|jl)\b",
    ),
}

#: Addresses at which data sets are kept.
DATA_HOME = re.compile(
    r"kaggle\.com/(?:c|competitions|datasets)/|archive\.ics\.uci\.edu/|huggingface\.co/datasets/|"
    r"openml\.org/|yann\.lecun\.com/exdb/|cs\.toronto\.edu/~kriz/cifar|grouplens\.org/datasets/|"
    r"physionet\.org/|statmt\.org/wmt|data\.(?:gov|world|mendeley\.com)/|datahub\.io/",
    re.IGNORECASE,
)

#: Words that are evidence when both stand in one sentence, in either order.
TOGETHER = {
    "data": (phrases(rf"\b(?:{NAMED_DATA})\b"), phrases(r"\bdata(?:set)?s?\b")),
    "evaluation": (phrases(rf"\b(?:{METRIC})\b"), phrases(rf"\b(?:{SPLIT})\b")),
}

#: Headings over what other people did.
OTHERS_WORK = re.compile(
    r"references|citation|cite|credits|acknowledge?ment|licen[sc]e|see also|related|contribut", re.I
)
#: Headings over how to set the project up, and over what says nothing of it.
SETUP = words(
    r"install\w* / set-?up / requirements? / prerequisites / how to (?:run|install|start)",
    "running\\b.{0,30} / environment / dependencies / licen[sc]e / authors? / contact / credits",
    r"con?t?ribut\w+ / table of contents / (?:project|repository|folder|file|directory) structure",
    r"organi[sz]ation / citation / acknowledge?ments? / references",
    "安装 / 环境 / 設置 / インストール / 설치",
)
#: A sentence that tells what to do at the keyboard or where to look.
INSTRUCTION = re.compile(
    r"(?:(?:first|then|next|now|finally|please|you (?:can|should|need to|must)|"
    r"to (?:run|install|start|get)[^,]{0,60},|if you (?:have|want|use|like|need|are)[^,]{0,80},)"
    r"[,\s]{1,2}){0,2}"
    r"(?:run(?:ning)?|install(?:ing)?|setting up|downloading|cloning|updating|update|upgrade|copy|clone|"
    r"open|create|download|navigate|go to|move|set|activate|paste|execute|start|migrate|build|click|"
    r"make sure|ensure|cd|type|enter|press|unzip|extract|launch|deactivate|replace|rename|test run|test the|share|try|"
    r"before starting|for starting|see|read|visit|refer to|check out|check|follow|contributions?|"
    r"for (?:more|further))(?![\w-])"
    r"|(?:\d{1,3}[.)]\s{0,3})?(?:构建|下载|安装|运行|打开|执行|点击)",
    re.IGNORECASE,
)
#: Something to type, standing among prose.
COMMAND = re.compile(
    r"^(?:\$|>{1,3}|#)\s|(?:^|:\s?)(?:pip3?|python[\d.]{0,4}|conda|git|bash|sh|npm|docker|make|cd|export|"
    r"source)\s+[\w./-]",
    re.IGNORECASE,
)
