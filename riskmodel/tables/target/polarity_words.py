"""Words with bad or good polarity, in English, German, French, Spanish and Chinese.

Latin words are lower case without accents, as compared in `polarity`; German umlauts also as two letters.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BAD_WORDS = _words(
    # English
    "bad default defaults defaulted defaulter defaulters defaulting dflt chargeoff chargeoffs chargedoff "
    "chgoff chrgoff writeoff writtenoff writedown churn churned churner churners attrition fraud fraudulent "
    "fraudster delinq delinquent delinquency delinquencies dlq dlqin dpd arrear arrears bankrupt bankruptcy "
    "bankruptcies insolvent insolvency overdue pastdue late lateness loss losses lost foreclosed foreclosure "
    "repossessed repossession npl unpaid unpaying nonpayment nonpayer nonperforming nonaccrual missed fail "
    "failed fails failure failing reject rejected rejection declined denied denial refused lapsed distressed "
    "impaired impairment unsatisfactory doubtful uncollectible collections risky uncreditworthy cheat cheater "
    "scam npa fpd chargeback chargebacks blacklisted blacklist exited attrited distress bounced nsf phishing "
    # German
    "ausfall ausfalle ausfaelle ausgefallen saumig saeumig saumiger verzug zahlungsverzug uberfallig "
    "ueberfaellig insolvenz insolvenzen konkurs pleite betrug betrugerisch betruegerisch schlecht schlechter "
    "schlechte notleidend ruckstand rueckstand zahlungsruckstand unbezahlt zahlungsunfahig zahlungsunfaehig "
    "kreditunwurdig kreditunwuerdig abgelehnt abgeschrieben abschreibung abwanderung abgewandert gekundigt "
    "gekuendigt kundigung kuendigung verlust inkasso verspatet verspaetet mahnung gemahnt "
    # French
    "defaut defauts defaillance defaillances defaillant defaillante impaye impayes impayee mauvais mauvaise "
    "contentieux retard retards perte pertes fraude fraudes faillite douteux douteuse insolvable "
    "surendettement surendette rejete rejetee refusee resilie resiliation "
    # Spanish
    "impago impagos impagado impagada moroso morosa morosos morosidad mora incumplimiento incumplimientos "
    "incumplido incumplio incumple mal malo mala quiebra vencido vencida castigado castigada atraso atrasos "
    "atrasado atrasada fallido fallida perdida perdidas insolvente dudoso rechazado rechazada denegado "
    "denegada fraudulento incobrable incobrables "
)
GOOD_WORDS = _words(
    # English
    "good paid repaid repay repays repayment repayed prepaid payedoff paidoff payback creditworthy performing "
    "solvent approve approved approval accept accepted acceptance grant granted retained retention stayed "
    "loyal success successful succeeded cured satisfactory compliant honored honoured settled reimbursed "
    "fulfilled completed legit legitimate genuine trustworthy reliable renewed "
    # German
    "gut guter gute bezahlt zuruckgezahlt zurueckgezahlt zuruckbezahlt zurueckbezahlt ruckzahlung "
    "rueckzahlung getilgt tilgung beglichen kreditwurdig kreditwuerdig kreditwurdigkeit kreditwuerdigkeit "
    "zahlungsfahig zahlungsfaehig bewilligt bewilligung genehmigt genehmigung angenommen punktlich puenktlich "
    "vertragstreu zuverlassig zuverlaessig treu "
    # French
    "bon bonne bons paye payee payes rembourse remboursee remboursement solvable accepte acceptee accorde "
    "accordee approuve approuvee acquitte regle reglee sain saine ponctuel fiable regulier fidele "
    # Spanish
    "bueno buena buen buenos pagado pagada pago pagos devuelto devuelta devolucion reembolsado reembolso "
    "cumplido cumplida cumplidor cumplidora cumple cumplio solvente aprobado aprobada aprobacion aceptado "
    "aceptada concedido concedida puntual fiable liquidado fiel "
)
BAD_PHRASES = (
    "charged? off|charge d off|chg off|chrg off|written off|write off|past due|in arrears|high risk|at risk|non paye"
    "|non accrual|en retard|en mora|in verzug|hors delai|c o|left the bank"
)
GOOD_PHRASES = (
    "(?:fully|full|all) paid|paid (?:off|back|up|out|in full)|pa?y(?:s|ed)? (?:off|back|up)|pif|p i f|low risk|on time"
    "|a jour|al dia|al corriente|sans incident|credit worthy|up to date|zuruck gezahlt|en regle"
)
NEGATIONS = _words(
    "no not non never without un isnt wasnt didnt doesnt nor kein keine keinen keiner nicht nie ohne pas sans aucun "
    "aucune jamais ne sin ningun ninguna nunca"
)
NEGATIONS_AFTER = _words("free frei libre")
"""Such as in ``default_free``."""

PENDING_WORDS = _words(
    "pending awaiting awaits await waiting outstanding ausstehend ausstehende ausstehender attente pendiente pendientes"
)
"""Words for an open outcome, as in ``Pending approval``."""
WEAKENING_WORDS = PENDING_WORDS | _words(
    # English
    "partial partially partly part parts less short yet until be pre almost nearly near possible possibly potential "
    "potentially suspected suspicion alleged expected likely probable probably problem problems issue issues "
    "difficulty difficulties plan agreement arrangement insurance insurer guarantor collateral by but current "
    "currently "
    # German
    "teilweise teil teils noch bislang fast beinahe moglich mogliche moeglich moeglicherweise moglicherweise "
    "potenziell potentiell verdacht vermutet vermutlich wahrscheinlich probleme schwierigkeit schwierigkeiten durch "
    # French
    "partiel partielle partiellement partie encore presque potentiel potentielle soupcon suspect suspecte suspectee "
    "probleme problemes difficulte difficultes par mais aber "
    # Spanish
    "parcial parcialmente parte todavia aun casi posible posibles potencial sospecha sospechoso sospechosa problema "
    "problemas dificultad dificultades por pero "
)
"""Words that make adjacent bad and good words uncertain, as in ``Partially paid``."""
WEAKENING_GOOD_STEMS = (
    *("cancel", "withdr", "revers", "revok", "expir", "storn", "widerruf", "annul", "anul", "zuruckgezogen"),
)
"""Prefixes of words that may revoke a good word, as in ``approved (withdrawn)``."""

CANCELING_WORDS = _words(
    "low lower small minimal minor niedrig niedriges niedriger gering geringes geringer faible bajo baja reducido "
    "negative negativ negatif negativo "
    "free zero nil none null absent absence lack false anti ex former passed exempt closed lifted ended "
    "frei nichts keinerlei beendet ehemals erlassen "
    "hors ni aucunement exempte annule annulee leve levee solde soldee clos efface effacee gueri apure "
    "libre libres cero nada tampoco exento exenta ausencia subsanado subsanada saldado saldada levantado "
    "superado superada condonado condonada perdonado curado curada quitado "
)
"""Words that may revoke a bad word anywhere in a name, as in ``libre_de_mora``."""
CANCELING_STEMS = (
    # English
    *("avoid", "avert", "prevent", "clear", "clean", "recover", "revers", "waive", "waiving", "cure", "curing"),
    *("resol", "remed", "rectif", "repair", "restor", "reinstat", "regulari", "normali", "forgiv", "discharg", "remov"),
    *("dismiss", "cancel", "expung", "eliminat", "rehabilit", "escap", "surviv", "stopp", "undone", "protect"),
    # German
    *("vermied", "vermeid", "verhinder", "abgewend", "abgewand", "behoben", "geheilt", "geklar", "geklaer", "erledig"),
    *("aufgehob", "zuruckgenommen", "zurueckgenommen", "stornier", "ausgeglich", "bereinig", "ausgeblieb", "gelost"),
    *("geloest", "abgebaut", "uberwund", "ueberwund", "nachgeholt", "eingebracht", "wiederher", "ausgeschloss"),
    # French and Spanish
    *("evit", "recuper", "recouvr", "resolu", "resuel", "regulari", "elimin", "previn", "preven", "corrig", "correg"),
)
"""Prefixes of words for an avoided or resolved bad event, as in ``default_avoided``."""

NEUTRAL_WORDS = _words(
    "loan loans customer customers client clients cust account accounts acct flag flags status state is has was had "
    "are ever did does been payer payers borrower credit credits kredit kredite kunde kunden kredits zahlungs zahler "
    "kennzeichen payeur payeurs pagador cliente prestamo credito target label indicator ind outcome result class back "
    "off full fully user users debt debtor applicant application bank card pret next month months days year years "
    "date rate risk hat ist war wurde wird est ete fue esta tiene"
)
"""Neutral words of names; a compound name is split into words of these lists."""

CHINESE_BAD = _words(
    "违约 違約 逾期 不良 坏账 坏帐 壞帳 呆账 坏客户 坏 壞 欺诈 欺詐 诈骗 流失 "
    "拖欠 欠款 失信 破产 破產 核销 拒绝 损失 催收"
)
CHINESE_GOOD = _words(
    "已还款 还款 还清 還清 结清 結清 守信 履约 履約 好客户 批准 通过 通過 偿还 "
    "償還 优质 優質 良好 优良 正常 合格 付清 留存 信用好"
)
CHINESE_NEGATIONS = _words("未曾 从未 没有 沒有 并未 未 无 無 非 没 沒 不")
CHINESE_CANCELING = (
    _words(
        "已清 已还 已還 已结 已結 已解除 解除 已消除 消除 避免 防止 预防 追回 收回 挽回 撤销 撤銷 豁免 减免 免除 "
        "恢复 恢復 "
        "已处理 已解决 补缴 补还 零 转好 清零"
    )
    | CHINESE_NEGATIONS
)
CHINESE_WEAKENING = _words("待 部分 协商 協商 疑似 可能 潜在 潛在 即将 預計 预计 尚未")
CHINESE_QUESTIONS = _words("是否 能否 有无 有無 是不是 与否")

YES = _words("1 yes y true t ja j oui o si s wahr w vrai v verdadero 是 有 对 是的 真 positive pos +1")
NO = _words("0 -1 no n false f nein non falsch faux falso 否 无 無 没有 不是 假 negative neg")

REJECTION_WORDS = _words(
    "reject rejected rejection decline declined denied denial refuse refused refusee refuses abgelehnt abgelehnte "
    "ablehnung rejete rejetee rechazado rechazada rechazo denegado denegada"
)
"""Words for a rejected application: such a customer neither paid nor defaulted."""
APPLICATION_WORDS = NEUTRAL_WORDS | _words(
    "application applications request requests by policy lender auto automatic automatically antrag vom von demande "
    "dossier par solicitud por a the"
)
"""Words allowed next to a word of rejection; next to others, such as payment, it has another meaning."""

PERFORMING = _words(
    "current active performing open running ongoing normal vigente activo activa aktiv laufend actif 正常 进行中 还款中"
) | {"en cours", "en curso", "in progress", "al corriente"}
"""Accounts without a final outcome: undetermined if there are good ones, else good."""

OPEN = _words(
    "issued pending unknown undetermined indeterminate undecided withdrawn cancelled canceled expired incomplete "
    "offen unbekannt anhangig unbestimmt storniert inconnu indetermine annule attente desconocido indeterminado "
    "pendiente cancelado anulado zuruckgezogen zurueckgezogen abandoned retire retiree retirado retirada "
    "desistido desistida 撤销 撤回 "
    "已撤回 已取消 未知 待定 审核中 处理中 取消 不确定"
) | {"in grace period", "grace period", "in review", "under review", "en attente", "not yet due", "in funding",
     "final payment in progress", "partially funded"}  # fmt: skip
"""Values for an unknown outcome."""

EXACT_BAD = _words("坏 壞 差")
EXACT_GOOD = _words("ok okay 好 良")
