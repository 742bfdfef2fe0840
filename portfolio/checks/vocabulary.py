"""The words by which a README's topics are known, in the languages that learners write in.

Each line is a list of patterns separated by " / ", one line or more for each language. Words of scripts
without blanks (Chinese, Japanese, Korean, Thai) are found inside longer runs; all others only as whole
words, which may touch such a script: "CNNを", "RMSE는".
"""

import re

#: Letters and digits of scripts that part their words with blanks.
LETTER = r"0-9A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"
START, END = f"(?<![{LETTER}])", f"(?![{LETTER}])"

#: Losses and scores by which models are judged.
METRIC = (
    r"accuracy|precision|f1(?:[ -]?scores?)?|f-?score|(?:roc[ -_]?)?auc(?:[ -_]?roc)?|roc|rmse|rmsle|mae|mape|mse|"
    r"(?:mean|root mean) (?:squared?|absolute)(?: percentage)? error|r2|r²|r\^2|r-?squared|adjusted r|bleu|"
    r"rouge(?:-[l\d])?|bert_?score|perplexity|map@?\d*|iou|miou|dice(?: score| coefficient)?|psnr|ssim|fid|"
    r"inception score|wer|cer|top-?[15]|error rate|log ?loss|"
    r"silhouette(?: score| index| coefficient)?|davies-bouldin|kappa|ndcg|mrr|hit ?rate|sharpe|gini|recall|"
    r"exactitud|precisión|exhaustividad|acurácia|precisão|exactitude|précision|genauigkeit|"
    r"точность|точности|полнота|doğruluk|độ chính xác|akurasi"
)
_METRIC_UNSPACED = "准确率|精确率|召回率|精度|正解率|正確率|정확도"
NUMBER = r"(?<![\w.])\d{1,4}(?:[.,]\d{1,6})?\s?%?"
#: A metric as a word of its own.
SCORE = rf"(?:{START}(?:{METRIC}){END}|{_METRIC_UNSPACED})"
#: A number of the training's own log. It is a result, and says nothing of how it was judged.
_LOSS = r"val(?:idation)?[ _]loss|test loss|training loss"
#: A metric beside its number: "accuracy of 91 %", "72% ROC-AUC", "F1: 0.83".
SCORED = (
    rf"(?:{SCORE}|{START}(?:{_LOSS}){END})[^\d.!?]{{0,40}}?{NUMBER}|"
    rf"{NUMBER}\s(?:\w{{2,12}}[ -])?(?:{METRIC}){END}"
)
#: How data is kept apart for judging.
SPLIT = (
    "test (?:set|data|images|samples|examples)|validation|cross-?validation|hold-?out|k-?fold|folds?|split|"
    "benchmarks?|unseen|leaderboard|"
    r"baseline|conjunto de (?:prueba|teste)|jeu de test|testdaten|тестов\w{2,3}"
)
#: Ways of keeping it apart that only judging needs.
HELD_OUT = (
    rf"{START}(?:cross[ -]?validat\w{{1,5}}|(?:k|\d{{1,2}})-?folds?|hold-?out (?:set|data)|validación cruzada|"
    r"validação cruzada|validation croisée|kreuzvalidierung|кросс-валидаци\w{1,3}|kiểm định chéo)|"
    "交叉验证|交差検証|교차 ?검증"
)

#: Model families and procedures that learners name when they say how they went about it.
FAMILY = (
    r"linear regression|logistic regression|ridge|lasso|genetic algorithms?|random ?forests?|decision trees?|"
    r"(?:gradient|histogram)[ -]boost\w{0,4}|xgb(?:oost)?|lightgbm|lgbm|catboost|adaboost|svm|svc|svr|"
    r"support vector|naive bayes|k-?nn|nearest neighbou?rs?|k-?means|mean[ -]?shift|dbscan|hierarchical clustering|"
    r"gaussian (?:mixture|process)\w{0,3}|pca|t-?sne|umap|cnns?|convolutional|rnns?|lstms?|bi-?lstm|grus?|"
    r"mlp|multi-?layer perceptrons?|transformers?|self-attention|(?:multi-?head )?attention|"
    r"(?:ro|al|distil|de|fin|bio|sci|code|key|m|long)?bert(?:a|opic)?(?:-\w{1,10})?|gpt(?:-?\d\w{0,2})?|llama(?:-?\d)?|"
    r"qwen[\d.]{0,4}|mistral|t5|whisper|seq2seq|encoder-decoder|resnet-?\w{0,4}|vgg-?\w{0,4}|mobilenet\w{0,3}|"
    r"efficientnet\w{0,3}|inception|densenet\w{0,4}|vit|u-?net|yolo\w{0,4}|(?:faster )?r-cnn|"
    r"\w{0,4}gans?|generative adversarial(?: nets?| networks?)?|autoencoders?|vae|diffusion|word2vec|glove|fasttext|"
    r"skip-?gram|tf-?idf|bag of words|embeddings?|backpropagation|gradient descent|q-learning|dqn|ppo|"
    r"s?arima|holt[ -]winters|prophet|hidden markov|monte carlo|collaborative filtering|matrix factori[sz]ation|"
    r"ensembl\w{1,5}|stacking|lora|rag|retrieval-augmented|hog|mediapipe|smote"
)
#: How something was done, in words that need no model's name.
HOW = (
    r"from scratch|fine-?tun\w{1,5}|feature (?:engineering|selection|extraction)|hyper-?parameters?|grid ?search|"
    r"transfer learning|data augmentation|pre-?process\w{0,5}|dimensionality reduction|(?:over|under)-?sampling|"
    r"regulari[sz]ation|normali[sz](?:ed|ation)|one-?hot|experiment tracking|orchestrat\w{1,5}|imput(?:ed|ation)|"
    r"model (?:monitoring|serving|registry|training)|decomposition|pretrained|pre-trained|hypothesis test\w{0,3}|"
    r"(?:several|multiple|various|different) (?:machine learning )?(?:models|algorithms)|exploratory data analysis|eda|"
    r"(?:is|are|was|were) implemented (?:in|with|using|as)|implementation of|works by|trained (?:on|with|using)|"
    r"preproces\w{3,6}|entrenamiento|ajuste fino|treinamento|pré-?processamento|prétraitement|entraînement|"
    r"vorverarbeitung|предобработк\w{1,2}|обучен\w{1,3}|huấn luyện|tiền xử lý|pelatihan|prapemrosesan"
)
_HOW_UNSPACED = (
    "预处理|特征工程|特征提取|数据增强|微调|训练模型|模型融合|集成学习|前処理|特徴量|学習済み|アルゴリズム|"
    "전처리|특징 ?추출|앙상블|미세 ?조정|파인튜닝"
)
#: Fields and plain words of method, which name a subject as often as an approach.
FIELD = (
    r"neural networks?|deep learning|machine learning|reinforcement learning|nlp|computer vision|"
    r"approach(?:es)?|algorithms?|architectures?|methods?|techniques?|strateg(?:y|ies)|based on|"
    r"built (?:on|with|using)|combin(?:es|ing)|step \d|pose estimation|"
    r"algoritmos?|técnicas?|métodos?|algorithmes?|méthodes?|алгоритм\w{0,2}|метод\w{0,2}|thuật toán|phương pháp|mô hình"
)
#: Public data sets that are known by name.
NAMED_DATA = (
    r"mnist|fashion-?mnist|cifar-?\d{0,3}|imagenet|coco|movielens|iris data|wikitext|imdb|squad|"
    r"openwebtext|tiny ?shakespeare|labeled faces in the wild|celeba|cora|citeseer|pubmed|lfw|glue|"
    r"common crawl|librispeech|penn treebank|boston housing|ames housing|california housing|wine quality|"
    r"wmt ?\d{2,4}|pascal voc|kitti|cityscapes|carvana|utkface|fer-?2013|cnn[/ -]daily ?mail|text8|wikipedia"
)
#: "data" before these is another subject: data flow, data structures.
_OTHER_DATA = (
    r"(?!\s(?:flow|structures?|scien\w+|models?|types?|class\w*|engineer\w*|analy\w+|visuali\w+|"
    r"monitoring|lineage|drift|pipelines?|augmentation|loaders?|driven|versioning|validation|seed))"
)
_OF_DATA = r"(?: sources?| dictionary| description| preparation| collection| used| understanding| preprocessing)?"
#: "model" before these is another subject: model deployment, model performance.
_OTHER_MODEL = (
    r"(?!s?\s(?:deployment|performance|evaluation|monitoring|serving|cards?|governance|registry|results?|metrics?|"
    r"outputs?|files?|download|weights|zoo|path))"
)
#: A word of a data set's name, and none that says "some data set".
_ITS_NAME = (
    r"(?!(?:your|this|that|an?|any|own|custom|new|large|small|entire|whole|full|given|same|original|following|such|each|"
    r"different|other|modified|resulting|processed|cleaned|combined|final|its?|their|our|his|synthetic|sample|provided|in|to|for|and|or|as|the|with|on|from|of)\b)[\w\-]{2,30}"
)
#: Words for data in a sentence.
DATA_WORD = (
    rf"{START}(?:data ?sets?|data(?!/)|corpus|dados|datos|données|dati|daten\w{{0,7}}|данн\w{{2,3}}|датасет\w{{0,3}}|"
    rf"veri(?:ler|leri|si)?|dữ liệu){END}|数据|數據|資料|データ|데이터"
)


def words(*lines: str) -> re.Pattern[str]:
    """A pattern for any of the words in these lines."""
    listed = [word.strip() for line in lines for word in line.split(" / ") if word.strip()]
    inner = "|".join(word for word in listed if _is_unspaced(word))
    whole = "|".join(word for word in listed if not _is_unspaced(word))
    return re.compile(
        "|".join(part for part in (rf"{START}(?:{whole}){END}" if whole else "", inner) if part),
        re.IGNORECASE,
    )


def phrases(*alternatives: str) -> re.Pattern[str]:
    """A pattern for any of these phrases, anywhere."""
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _is_unspaced(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0eff" or letter >= "\u3040" for letter in word)


_INSTALL = (
    r"install(?:ation|ing)?(?: \w+)? / set-?ups? / setting up / requirements? / pre-?requisites?",
    "getting started / get started / quick ?-?start / dependenc(?:y|ies|es) / environments?(?: set-?up)?",
    "how to (?:run|install|train|start|execute|build|launch|set ?up|reproduce)[^.]{0,30} / instructions / commands",
    r"run(?:ning)?(?: .{1,40})? / reproduc\w+ / deployment / build(?:ing)? / docker / project setup",
    "instalación / requisitos(?: previos)? / prerrequisitos / ejecución / ejecutar / instrucciones / configuración",
    "cómo (?:ejecutar|instalar|correr)[^.]{0,30} / despliegue / puesta en marcha / inicio rápido",
    "instalação / como (?:executar|rodar|instalar)[^.]{0,30} / execução / executar / executando[^.]{0,30} / compilar",
    "pré-requisitos / configuração / rodando[^.]{0,30} / instruções / replicando[^.]{0,30} / passo a passo",
    "pré-?requis / lancement / lancer[^.]{0,30} / exécution / démarrage(?: rapide)? / déploiement / installazione",
    "esecuzione / requisiti / installieren / ausführ(?:en|ung) / voraussetzungen / einrichtung / schnellstart",
    "anforderungen / inbetriebnahme / starten / установка / запуск / требования / сборка / быстрый старт",
    "как (?:запустить|установить)[^.]{0,30} / инструкция[^.]{0,30} / зависимости / развертывание / развёртывание",
    "kurulum / çalıştırma / gereksinimler / nasıl çalıştırılır / instalacja / uruchomienie / cài đặt[^.]{0,20}",
    "cách (?:chạy|cài đặt)[^.]{0,30} / hướng dẫn[^.]{0,30} / yêu cầu(?: hệ thống)? / instalasi / prasyarat",
    "cara (?:menjalankan|instalasi|install)[^.]{0,30} / menjalankan[^.]{0,30}",
    "安装 / 安裝 / 运行 / 執行 / 环境 / 環境 / 部署 / 启动 / 快速开始 / 依赖 / 复现 / 编译",
    "インストール / 実行 / セットアップ / 起動 / 準備 / 動作環境 / 설치 / 실행 / 준비 / 환경 ?설정",
    "시작하기 / 요구 ?사항",
)
_USE = (
    "usage / how to use[^.]{0,30} / uso / cómo usar[^.]{0,30} / como usar[^.]{0,30} / utilisation / utilizzo",
    "nutzung / verwendung / использование / как использовать[^.]{0,30} / kullanım / cách (?:sử dụng|dùng)[^.]{0,30}",
    "penggunaan / cara menggunakan[^.]{0,30} / 使用 / 使い方 / 사용법 / 사용 ?방법",
    "demo / examples? / tutorials? / inference",
)

#: Words of the heading that announces a topic.
HEADINGS = {
    "problem": words(
        "problem(?: statement| description)? / motivation / background / objectives? / goals? / overview",
        "scope / aims?",
        "introduction / purpose / use cases? / abstract / summary / description / target / context / challenge",
        "about(?: (?:the|this) (?:project|repo|repository|course|app))? / business (?:problem|understanding|case)",
        "what is [^.]{1,40} / why [^.]{1,40} / the task / project description",
        "what (?:this|the) (?:project|repo|repository|app) (?:is|does|shows)[^.]{0,20}",
        "objetivos? / introducción / descripción / problema / motivación / resumen / acerca de / contexto",
        "introdução / descrição / motivação / visão geral / resumo / sobre(?: o projeto)? / desafio",
        "objectifs? / présentation / contexte / aperçu / problématique / à propos / le projet / le sujet",
        "introduzione / descrizione / obiettiv[oi] / panoramica",
        "ziele? / zielsetzung / einleitung / (?:projekt)?überblick / beschreibung / aufgabenstellung",
        "problemstellung",
        "цел[ьи] / описание / введение / задача / о проекте / постановка задачи / обзор",
        "amaç / proje hakkında / giriş / açıklama / genel bakış / opis(?: projektu)? / cel(?: projektu)?",
        "giới thiệu / mục tiêu / mô tả(?: dự án| bài toán)? / tổng quan / bài toán / về dự án",
        "tujuan / latar belakang / pendahuluan / deskripsi(?: proyek)? / tentang(?: proyek)? / gambaran umum",
        "功能 / 基本功能 / 主要功能 / 機能 / 기능 / 주요 기능",
        "任务 / 简介 / 介绍 / 背景 / 目标 / 概述 / 問題 / 目的 / 概要 / 赛题 / 前言 / 摘要",
        "はじめに / 課題 / 소개 / 개요 / 목표 / 배경 / 주제",
    ),
    "data": words(
        r"data ?sets?(?: \w+)? / corpus / corpora",
        rf"(?:the |about the |input |raw |training )?data{_OTHER_DATA}{_OF_DATA}",
        "(?:los |sobre los )?datos / (?:conjuntos?|fuentes?|diccionario) de (?:los )?datos",
        "(?:os |sobre os )?dados / (?:bases?|fontes?|conjuntos?|dicionário) de dados",
        "(?:les )?données / (?:jeux?|sources?) de données / dati / fonti dei dati",
        "daten(?:satz|sätze|quellen?|grundlage)?",
        "данные / датасет / набор данных / источники? данных / описание данных / veri(?: seti| kümesi)?",
        "zbiór danych",
        "(?:bộ |tập )?dữ liệu / (?:himpunan |sumber )data",
        "数据集 / 数据 / 資料 / 資料集 / データ(?:セット)? / 데이터(?:셋)?",
    ),
    "approach": words(
        rf"approach(?:es)? / methods? / methodolog(?:y|ies) / model{_OTHER_MODEL}s?",
        "models?(?: architecture| training| used| details| selection| building| comparison)",
        "(?:system |project |network )?architectures? / experiments? / baselines? / feature engineering / network",
        "how (?:it|this) works / how does (?:it|this) work / pipelines? / algorithms? / solution / concepts?",
        "implementation(?: details)? / technical(?: details| overview| approach| stack)? / techniques",
        "(?:system )?design",
        "tech(?:nology)? stack / stack / technologies(?: used)? / tools used / built with / (?:key |main )?features",
        "components? / modules / training(?: details| process)? / modell?ing / (?:data )?preprocessing",
        "workflow / (?<!next )steps",
        "data (?:cleaning|preparation|processing|augmentation) / tasks / theory / what (?:i|we) (?:tried|did|built)",
        "how (?:i|we) (?:did|built|approached) (?:it|this) / what (?:it|this|the [^.]{2,20}) does",
        "enfoques? / metodología / métodos? / modelos?(?: utilizados?)? / arquitectura / tecnologías / herramientas",
        "características / funcionalidades / funcionamiento / solución / algoritmos? / técnicas / etapas",
        "flujo de trabajo",
        "metodologia / abordagem / modelagem / arquitetura / tecnologias / ferramentas / funcionamento / solução",
        "treinamento / pré-?processamento / implementação / implementación / entrenamiento / preprocesamiento",
        "approche / méthodes? / méthodologie / modèles? / outils / fonctionnalités / fonctionnement / algorithmes?",
        "étapes / entraînement / prétraitement / implémentation / démarche",
        "approccio / metod[oi] / modell[oi] / architettura / tecnologie / funzionalità / algoritm[oi]",
        "ansatz / methoden? / methodik / modelle? / architektur / technologien / funktionen / umsetzung / vorgehen",
        "implementierung / algorithm(?:us|en) / lösung",
        "подход / модел[ьи] / метод(?:ы|ология|ика)? / архитектура / технологии / стек / возможности",
        "алгоритм(?:ы)?",
        "функциональность / решение / реализация / этапы(?: работы)? / ход работы / обучение / инструменты",
        "yöntem(?:ler)? / kullanılan teknolojiler / özellikler / mimari / metody / architektura",
        "phương pháp / mô hình / kiến trúc / công nghệ(?: sử dụng)? / tính năng / thuật toán / quy trình",
        "cách hoạt động",
        "metode / metodologi / arsitektur / fitur(?: utama)? / teknologi / algoritma / tahapan / cara kerja / alur",
        "方法 / 模型 / 架构 / 架構 / 算法 / 技术 / 技術 / 方案 / 思路 / 流程 / 原理 / 特征工程 / 预处理 / 特性",
        "実装 / 手法 / モデル / アルゴリズム / アーキテクチャ / 仕組み / 前処理 / 特徴",
        "방법 / 모델 / 아키텍처 / 기술 ?스택 / 알고리즘 / 구현 / 전처리 / 파이프라인",
    ),
    "evaluation": words(
        "evaluations?(?: metrics?| protocol| results?)? / evaluating / metrics? / validation / cross-?validation",
        "model evaluation / performance metrics / error analysis / benchmarks? / ablations?(?: study)?",
        "(?:what |and |how |it |this |we ){1,4}(?:is |was |were )?(?:measured?|evaluated?|judged?)",
        "evaluación / métricas / validación / avaliação / validação / évaluation / métriques / valutazione",
        "metriche",
        "evaluierung / auswertung / bewertung / metriken / оценка / метрик[аи] / валидация / metrikler",
        "değerlendirme",
        "đánh giá / evaluasi / metrik / pengujian",
        "评估 / 评价 / 評估 / 评测 / 指标 / 評価 / 평가 / 지표",
    ),
    "results": words(
        "results?(?: summary| overview| obtained)? / (?:key )?findings / conclusions?",
        "(?:model )?performance / insights / outcomes? / scores?",
        "leaderboard / generated (?:images?|samples) / (?:learning|training) curves / plots",
        "(?:sample|example) outputs?",
        "resultados? / conclusi(?:ón|ones) / rendimiento / conclus(?:ão|ões) / desempenho / résultats? / risultati",
        "ergebnisse? / fazit / результаты? / выводы? / итоги / заключение / sonuçlar / bulgular / wyniki",
        "kết quả / kết luận / hasil / kesimpulan",
        "结果 / 结论 / 結果 / 結論 / 效果 / 成绩 / 考察 / 결과 / 결론 / 성능",
    ),
    "install_run": words(*_INSTALL, *_USE),
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
        rf"(?<![\w.])(?:\d{{1,3}}(?:[,. ]\d{{3}}){{1,3}}|\d{{3,9}}|\d[\d.,]{{0,8}}\s?"
        r"(?:k|m|million|mil|thousand|万|만))\+?\s?"
        r"(?:[\w-]{2,20}\s){0,3}(?:(?:rows|samples|images|records|observations|examples|instances|reviews|tweets|articles|"
        r"entries|applications|documents|sentences|photos|registros|filas|imágenes|muestras|imagens|linhas|amostras|"
        rf"lignes|bilder|записей|строк|изображений|ảnh|mẫu|dòng|gambar|baris|kayıt){END}|张|条|枚|件|장|건)",
        rf"{START}(?:the|using|on|from|with|uses|used|of)\s(?:the\s)?(?!(?:training|validation|test)\s(?:data|corpus))"
        rf"{_ITS_NAME}(?:\s{_ITS_NAME}){{0,4}}\s(?:dataset|data set|corpus){END}",
        r"\bdata ?set (?:is|was|contains|consists|used|from|includes)\b",
        r"\bdata (?:is |are |was |were )?(?:collected|gathered|provided|scraped|downloaded|obtained|taken|"
        r"comes|come) (?:by|from|via)\b",
        rf"{START}(?:dataset|conjunto de (?:dados|datos)|jeu de données|датасет|bộ dữ liệu|tập dữ liệu|"
        r"veri seti)\s(?:d[eoau]s?\s|của\s)?[\"“*«]?(?-i:[A-ZА-Я])[\w-]{2}",
        r"\b(?:trained|fitted|estimated) (?:on|from|with) (?:the )?"
        r"(?!GPU|CPU|TPU|Colab|Google|NVIDIA|AWS|Kaggle|Mac|PyTorch|Tensor)(?:(?-i:[A-Z])[\w-]{2}|\d{3})",
        r"\bdatos (?:fueron |son )?(?:obtenidos|recopilados|extraídos|provienen|provistos)|"
        r"\bdados (?:foram |são )?(?:coletados|obtidos|extraídos|provêm|fornecidos)|"
        r"\bdonnées,? (?:ont été |sont )?(?:fournies|issues|proviennent|provenant|collectées|recueillies)|"
        r"\bdaten (?:stammen|wurden|kommen)|данные (?:были )?(?:взяты|получены|собраны|предоставлены)|"
        r"на (?:основе )?(?:\w{3,20} )?данных|dữ liệu (?:được )?(?:thu thập|lấy|tải) từ|"
        r"data (?:diambil|diperoleh|berasal) dari",
        "数据集|データセット|데이터셋|数据来源|数据来自|训练集",
    ),
    "approach": phrases(rf"{START}(?:{FAMILY}|{HOW}|{FIELD}){END}", _HOW_UNSPACED),
    "evaluation": phrases(
        HELD_OUT,
        rf"{START}(?:test|validation|val|cv|oof|public|private)[ _-]{SCORE}",
        r"\bevaluation metrics?\b|\bmetrics? (?:is |was |are |were )?used\b",
        rf"\b(?:evaluat|measur|assess|judg)\w{{1,4}}\b[^.]{{0,60}}?{SCORE}",
        rf"{SCORE}[^.]{{0,30}}?\b(?:(?:is|are|was|were) used (?:to|in|for|as)|as (?:the |an? )?(?:evaluation )?metric)",
        rf"(?:评估|评测|评价|評価|평가)[^。.]{{0,20}}{SCORE}|{SCORE}[^。.]{{0,20}}(?:评估|评测|评价|評価|평가)",
        r"\b(?:rmse|mrr|accuracy|f1|roc_auc|r2|precision|recall|log_loss)_score\(",
    ),
    "results": phrases(
        SCORED,
        r"(?:\brank(?:ed|ing)?|\bplaced?|成绩|排名|順位|순위)\D{0,12}\d{1,4}\s?(?:/|of|th|名|位|위)",
    ),
    "install_run": phrases(
        r"(?:^|[\s`$>!%])(?:pip3?|conda|mamba|uv|poetry|pipenv|npm|yarn|pnpm|cargo|brew|apt|apt-get|gem|go|"
        r"jpm|luarocks|stack|cabal|dotnet|composer) (?:install|add|sync|create|env|get|ci|run|i|build|test)\b",
        r"(?:^|[\s`$>!])(?:python[\d.]{0,4}|py|julia|rscript|ruby|node|bash|sh|java|sbt|streamlit run|"
        r"jupyter|uvicorn|flask|torchrun|dvc repro|make|mvn|\.?/?gradlew?|docker(?:-compose| compose)?|"
        r"git clone|mlflow|npx|cmake|source|g\+\+|gcc|php artisan)\s+[\w./\-]",
        r"\binstall\.packages|\binstall_github|\bpkg\.add|\bdevtools::|\bBiocManager::",
        r"(?:^|[\s`$>])\./[\w\-]{1,40}(?:\.(?:sh|py|R|jl)\b|\s-)",
    ),
}

#: Addresses at which data sets are kept.
DATA_HOME = re.compile(
    r"kaggle\.com/(?:c|competitions|datasets)/|archive\.ics\.uci\.edu/|huggingface\.co/datasets/|"
    r"openml\.org/|yann\.lecun\.com/exdb/|cs\.toronto\.edu/~kriz/cifar|grouplens\.org/datasets/|"
    r"physionet\.org/|statmt\.org/wmt|data\.(?:gov|world|mendeley\.com)/|datahub\.io/|modelscope\.cn/datasets/|"
    r"zenodo\.org/records?/|figshare\.com/",
    re.IGNORECASE,
)

#: Words that are evidence when both stand in one sentence, in either order.
TOGETHER = {
    "data": (
        phrases(
            rf"{START}(?:{NAMED_DATA}){END}",
            r"\b[\w-]{1,60}\.(?:csv|tsv|parquet|xlsx?|arff)\b",
        ),
        phrases(DATA_WORD),
    ),
    "evaluation": (phrases(SCORE), phrases(rf"{START}(?:{SPLIT}){END}")),
}

#: Headings over what other people did.
OTHERS_WORK = re.compile(
    r"references|citation|cite|credits|acknowledge?ment|licen[sc]e|see also|related|contribut", re.I
)
#: Headings over lists of folders and of links, which name topics without speaking of them.
LISTING = words(
    "(?:project |repository |folder |file |directory |code )?(?:structure|organi[sz]ation|layout|tree) / files",
    "contents / table of contents / directories / estructura[^.]{0,30} / estrutura[^.]{0,30} / arborescence",
    "(?:projekt|verzeichnis|ordner)struktur / структура[^.]{0,30} / proje yapısı / cấu trúc[^.]{0,30}",
    "struktur[^.]{0,30}",
    "目录 / 目錄 / 文件说明 / 文件结构 / 项目结构 / 代码结构 / ディレクトリ / フォルダ / ファイル構成 / 폴더",
    "디렉토리 / 프로젝트 ?구조",
)
#: Headings over how to set the project up, and over what says nothing of it.
SETUP = words(
    *_INSTALL,
    "licen[cs]es? / authors? / contacts? / credits / contributors? / con?t?ribut\\w+ / citation / acknowledge?ments?",
    "references / related / faq / to-?dos? / roadmap / support / (?:mit)?glieder / integrantes / autor(?:es|en)?",
    "licencia / licença / autoren / лицензия / авторы / tác giả / lisensi",
)
#: A sentence that tells what to do at the keyboard or where to look.
INSTRUCTION = re.compile(
    r"(?:(?:first|then|next|now|finally|please|you (?:can|should|need to|must)|"
    r"in (?:the )?[\w./`-]{1,60}(?: folder| directory)?|to (?:run|install|start|get)[^,]{0,60},|"
    r"if you (?:have|want|use|like|need|are)[^,]{0,80},)"
    r"[,\s]{1,2}){0,2}"
    r"(?:run(?:ning)?|install(?:ing)?|setting up|downloading|cloning|updating|update|upgrade|copy|clone|"
    r"open|create|download|navigate|go to|move|set|activate|paste|execute|start|migrate|build|click|"
    r"make sure|ensure|cd|type|enter|press|unzip|extract|launch|deactivate|replace|rename|test run|test the|share|try|"
    r"before starting|for starting|see|read|visit|refer to|check out|check|follow|contributions?|"
    r"for (?:more|further)|we provide|access|view|"
    r"(?:we|i) will (?:fill|add|update|write)|coming soon|to be (?:added|written)|"
    r"work in progress|under construction|the (?:[\w-]{1,20} ){1,2}(?:is|are) (?:also )?available|"
    r"ejecuta[r]?|instala[r]?|clona[r]?|descarga[r]?|abr(?:e|ir)|activa[r]?|asegúrate|"
    r"execute|instale|clone|baixe|abra|crie|ative|rode|acesse|certifique-se|"
    r"exécute[rz]|lance[rz]|installe[rz]|clone[rz]|télécharge[rz]|ouvre[rz]|assurez-vous|"
    r"führen? sie|installieren sie|klonen sie|öffnen sie|starten sie|"
    r"установите|запустите|(?:с)?клонируйте|скачайте|создайте|откройте|выполните|перейдите|"
    r"cài đặt|chạy|tải|mở|jalankan|instal|unduh|buka|aktifkan)(?![\w-])"
    r"|(?:\d{1,3}[.)]\s{0,3})?(?:构建|下载|安装|运行|打开|执行|点击|请)",
    re.IGNORECASE,
)
#: The same in languages that put the verb last.
INSTRUCTION_END = re.compile(
    r"(?:ください|下さい|(?:ダウンロード|インストール|配置|解凍|実行|移動|コピー|起動)(?:する|します)|"
    r"하세요|하십시오|해 ?주세요|"
    r"(?:설치|다운로드)(?:합니다|한다)|çalıştırın|yükleyin|indirin|kurun)[\s。.!:：]{0,3}$",
)
#: Something to type, standing among prose.
COMMAND = re.compile(
    r"^(?:\$|>{1,3}|#)\s|(?:^|:\s?)(?:pip3?|python[\d.]{0,4}|conda|git|bash|sh|npm|docker|make|cd|export|"
    r"source)\s+[\w./-]",
    re.IGNORECASE,
)
#: Who wrote it, and for which course.
CREDIT = re.compile(
    r"^\W{0,3}(?:(?:project )?authors?(?: name)?|autor(?:es|as?)?|auteurs?|by|names?|group|team|students?|date|course|"
    r"class|"
    r"instructor|professor|teacher|subj?ect|作者|学号|姓名|氏名|학번|이름)\s{0,2}[:：]",
    re.IGNORECASE,
)
#: A score that is hoped for.
HOPED = re.compile(
    r"\b(?:will be|should be|must be|considered successful|success criteri\w{1,2}|(?:goal|aim|target) (?:is|of)|"
    r"at least)\b",
    re.IGNORECASE,
)
#: Words between the topics that one heading names.
AND = words(
    "and / the / some / our / my / its / an / und / et / ve / và / dan / y / e / и / 与 / 和 / 及",
)
#: Words that say that something is a project, a course's task or a competition, and not which.
PLAIN = words(
    "this / that / is / are / was / the / an / my / our / your / some / for / of / in / on / at / to / and",
    "with / from / by",
    "repo / repos / repository / project / projects / code / codes / files? / contains? / containing",
    "hosts? / course / courses",
    "coursework / class / final / homework / assignments? / labs? / exercises? / practicals? / solutions?",
    "working / work / works",
    "submission / challenge / competition / contest / kaggle / hackathon / semester / fall / spring / summer",
    "winter / university",
    "part / week / module / task / test / de / la / el / los / las / del / un / una / le / les / des / du",
    "da / do / dos / das / em / para",
    "tarea / proyecto / trabajo / curso / materia / projeto / disciplina / faculdade / projet / cours",
    "devoir / projekt / kurs",
    "проект / курс / задание / bài tập / đồ án / môn / tugas / proyek / ödev",
)
#: A course's task or a competition, by name.
OCCASION = words(
    "course / coursework / homework / assignments? / challenge / competition / contest / hackathon / tarea",
    "materia / disciplina",
    "bootcamp / zoomcamp / 竞赛 / 比赛 / 大赛 / コンペ / 경진대회 / 대회 / 과제",
)
