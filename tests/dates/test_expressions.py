"""A table of expressions as announcements, listings and reports write them, with what each must be read as.

What is expected is told in short: ``2013-05-16T18:30`` a start, ``…/…`` a start and a finish, ``/…`` a finish alone,
``t18:30-20:00`` hours without a day, ``FREQ=…`` a rule (with its hours), `` + `` between the days of a list, nothing
where there is no date.
"""

from datetime import date

import pytest

from crawler.dates import Expression, find, parse

REFERENCE = date(2013, 2, 12)  # a Tuesday

FRENCH = """
jeudi 16 mai 2013 à 18h30 = 2013-05-16T18:30
Jeudi 16 mai = 2013-05-16
le jeudi 16 mai, 19h = 2013-05-16T19:00
JEUDI 16 MAI 2013 A 18H30 = 2013-05-16T18:30
Le 3 avril 2013 à 19h, en centre ville = 2013-04-03T19:00
le 3 mars de 19h à 21h = 2013-03-03T19:00/2013-03-03T21:00
le 3 mars 2013 de 19 h à 21 h 30 = 2013-03-03T19:00/2013-03-03T21:30
le 3 mars 2013 de 9 à 17h = 2013-03-03T09:00/2013-03-03T17:00
mardi 19 février, 18h30-20h = 2013-02-19T18:30/2013-02-19T20:00
mardi 19 février 2013 – 18h30 – 20h00 = 2013-02-19T18:30/2013-02-19T20:00
vendredi 1er mars 2013 à partir de 20h = 2013-03-01T20:00
vendredi 1 er mars dès 20h30 = 2013-03-01T20:30
samedi 2 mars, 14h (accueil) = 2013-03-02T14:00
le 8 févr. 2013 = 2013-02-08
le 8 fév. 2013 à 12h15 = 2013-02-08T12:15
15 janv. 2013 = 2013-01-15
22 sept. 2012 = 2012-09-22
le 22 Sept 2012 à 9h = 2012-09-22T09:00
3 déc. 2012 = 2012-12-03
3 dec 2012 = 2012-12-03
2 aout 2013 = 2013-08-02
2 AOÛT 2013 = 2013-08-02
le 12 juil. 2013 à 18 heures = 2013-07-12T18:00
le 12 juillet 2013 à 7 heures 30 = 2013-07-12T07:30
le 12 juillet 2013 à 18 h 30 = 2013-07-12T18:30
le 12 juillet 2013 à 18 h 30 = 2013-07-12T18:30
le 12 juillet 2013 à 20H = 2013-07-12T20:00
le 12 juillet 2013 à 20:30 = 2013-07-12T20:30
le 12 juillet 2013 (20h30) = 2013-07-12T20:30
12 juillet 2013 | 20h30 = 2013-07-12T20:30
12 juillet 2013 · 20h30 = 2013-07-12T20:30
le 12 juillet 2013 à midi = 2013-07-12T12:00
le 12 juillet 2013 de midi à 14h = 2013-07-12T12:00/2013-07-12T14:00
le 12 juillet 2013 entre 12h et 14h = 2013-07-12T12:00/2013-07-12T14:00
le 12 juillet 2013 de 20h à minuit = 2013-07-12T20:00/2013-07-13T00:00
le 12 juillet 2013 de 22h à 4h = 2013-07-12T22:00/2013-07-13T04:00
le 12 juillet 2013 vers 19h = 2013-07-12T19:00
le 12 juillet 2013 à 8h du soir = 2013-07-12T20:00
le 12 juillet 2013 à 9h du matin = 2013-07-12T09:00
le 12 juillet 2013 à dix-huit heures trente = 2013-07-12T18:30
le 12 juillet 2013 à sept heures et demie = 2013-07-12T07:30
Lundi 4 juin 2012, 19h00 = 2012-06-04T19:00
lundi 4 juin 2012 : 19h00 = 2012-06-04T19:00
à 19h, le jeudi 16 mai = 2013-05-16T19:00
19h le 16 mai 2013 = 2013-05-16T19:00
de 18h à 20h, mardi 19 février 2013 = 2013-02-19T18:00/2013-02-19T20:00
9h30 - 11h00 jeudi = 2013-02-14T09:30/2013-02-14T11:00
du 5 au 7 juin 2013 = 2013-06-05/2013-06-07
du 5 au 7 juin = 2013-06-05/2013-06-07
les 5 et 6 juin 2013 = 2013-06-05 + 2013-06-06
5-7 juin 2013 = 2013-06-05/2013-06-07
5 – 7 juin 2013 = 2013-06-05/2013-06-07
du mercredi 5 au vendredi 7 juin 2013 = 2013-06-05/2013-06-07
du 28 juin au 2 juillet 2013 = 2013-06-28/2013-07-02
du 28 décembre 2012 au 3 janvier 2013 = 2012-12-28/2013-01-03
du 28 décembre au 3 janvier 2014 = 2013-12-28/2014-01-03
du 29 au 2 juin 2013 = 2013-05-29/2013-06-02
du 1er au 30 avril = 2013-04-01/2013-04-30
entre le 10 et le 15 avril 2013 = 2013-04-10/2013-04-15
du 05/06/2013 au 07/06/2013 = 2013-06-05/2013-06-07
05/06/2013 - 07/06/2013 = 2013-06-05/2013-06-07
du 05.06.2013 au 07.06.2013 = 2013-06-05/2013-06-07
du 5 juin 2013 18h au 7 juin 2013 12h = 2013-06-05T18:00/2013-06-07T12:00
du vendredi 7 juin à 18h au dimanche 9 juin à 17h = 2013-06-07T18:00/2013-06-09T17:00
du 5 au 7 juin 2013, de 9h à 18h = 2013-06-05T09:00/2013-06-07T18:00
nuit du 5 au 6 juin 2013 = 2013-06-05/2013-06-06
les 3, 10 et 17 mai = 2013-05-03 + 2013-05-10 + 2013-05-17
les vendredis 3, 10 et 17 mai 2013 = 2013-05-03 + 2013-05-10 + 2013-05-17
les 3, 10 et 17 mai 2013 à 18h = 2013-05-03T18:00 + 2013-05-10T18:00 + 2013-05-17T18:00
les 5 & 6 juin = 2013-06-05 + 2013-06-06
vendredi 5 et samedi 6 avril 2013 = 2013-04-05 + 2013-04-06
lundi 13, mardi 14 et mercredi 15 mai 2013 = 2013-05-13 + 2013-05-14 + 2013-05-15
le 3 mai, le 10 mai et le 7 juin 2013 = 2013-05-03 + 2013-05-10 + 2013-06-07
3 mai 2013, 10 mai, 17 mai = 2013-05-03 + 2013-05-10 + 2013-05-17
17/05/2013 = 2013-05-17
17/05/2013 18:30 = 2013-05-17T18:30
17/05/2013 à 18h30 = 2013-05-17T18:30
12/11/2012 = 2012-11-12
12/11/12 = 2012-11-12
05/16/2013 = 2013-05-16
17.05.2013 = 2013-05-17
12.11.12 = 2012-11-12
17-05-2013 = 2013-05-17
le 17/05 à 18h = 2013-05-17T18:00
jeudi 16/05 = 2013-05-16
vendredi 17/05/13, 18h30 = 2013-05-17T18:30
2013-05-17 = 2013-05-17
2013-05-17 18:30 = 2013-05-17T18:30
2013-05-17T18:30:00+02:00 = 2013-05-17T18:30
2013-05-17T16:30:00.000Z = 2013-05-17T16:30
2013/05/17 = 2013-05-17
mai 2013 = 2013-05
en mai 2013 = 2013-05
en mars = 2013-03
au mois de mars = 2013-03
depuis janvier = 2013-01
depuis septembre = 2012-09
fin mars = 2013-03
mi-décembre = 2013-12
début avril 2014 = 2014-04
fin 2012 = 2012
en 2012 = 2012
depuis 2011 = 2011
de mars à mai 2013 = 2013-03/2013-05
mars-avril 2013 = 2013-03/2013-04
de 2011 à 2013 = 2011/2013
2011-2013 = 2011/2013
été 2013 = 2013-06-21/2013-09-22
l'automne dernier = 2012-09-23/2012-12-20
cet hiver = 2012-12-21/2013-03-20
hier = 2013-02-11
avant-hier = 2013-02-10
aujourd'hui = 2013-02-12
aujourd’hui à 18h = 2013-02-12T18:00
demain = 2013-02-13
demain soir = 2013-02-13
demain à 19h = 2013-02-13T19:00
après-demain = 2013-02-14
ce soir = 2013-02-12
ce soir à 20h = 2013-02-12T20:00
jeudi = 2013-02-14
jeudi à 18h30 = 2013-02-14T18:30
ce jeudi = 2013-02-14
ce mardi à 18h = 2013-02-12T18:00
jeudi prochain = 2013-02-14
mardi prochain à 19h = 2013-02-19T19:00
jeudi dernier = 2013-02-07
mardi dernier = 2013-02-05
jeudi soir dernier = 2013-02-07
lundi en huit = 2013-02-25
jeudi de la semaine prochaine = 2013-02-21
la semaine dernière = 2013-02-04/2013-02-10
la semaine prochaine = 2013-02-18/2013-02-24
cette semaine = 2013-02-11/2013-02-17
ce week-end = 2013-02-16/2013-02-17
le week-end dernier = 2013-02-09/2013-02-10
le mois dernier = 2013-01
le mois prochain = 2013-03
l'an dernier = 2012
l'année prochaine = 2014
13 décembre dernier = 2012-12-13
le 13 décembre dernier à 19h = 2012-12-13T19:00
le 22 novembre dernier = 2012-11-22
le 7 mars dernier = 2012-03-07
le 7 mars prochain = 2013-03-07
le 7 janvier prochain = 2014-01-07
jeudi 13 décembre dernier = 2012-12-13
en décembre dernier = 2012-12
il y a deux ans = 2011
il y a trois semaines = 2013-01-22
il y a 10 jours = 2013-02-02
dans deux semaines = 2013-02-26
dans 3 mois = 2013-05
tous les jeudis = FREQ=WEEKLY;BYDAY=TH
tous les jeudis à 18h30 = FREQ=WEEKLY;BYDAY=TH 18:30
tous les mardis et jeudis de 12h à 14h = FREQ=WEEKLY;BYDAY=TU,TH 12:00-14:00
chaque mardi = FREQ=WEEKLY;BYDAY=TU
chaque mardi soir = FREQ=WEEKLY;BYDAY=TU
les mardis à 19h = FREQ=WEEKLY;BYDAY=TU 19:00
tous les premiers jeudis du mois = FREQ=MONTHLY;BYDAY=+1TH
tous les 1ers jeudis du mois à 18h30 = FREQ=MONTHLY;BYDAY=+1TH 18:30
le premier jeudi du mois = FREQ=MONTHLY;BYDAY=+1TH
le premier jeudi de chaque mois, à 18h30 = FREQ=MONTHLY;BYDAY=+1TH 18:30
chaque premier jeudi du mois de 18h30 à 20h30 = FREQ=MONTHLY;BYDAY=+1TH 18:30-20:30
le 1er jeudi du mois = FREQ=MONTHLY;BYDAY=+1TH
le 2ème mercredi du mois = FREQ=MONTHLY;BYDAY=+2WE
les 1er et 3e jeudis du mois = FREQ=MONTHLY;BYDAY=+1TH,+3TH
le dernier vendredi du mois = FREQ=MONTHLY;BYDAY=-1FR
les premier et troisième mardis de chaque mois = FREQ=MONTHLY;BYDAY=+1TU,+3TU
un jeudi sur deux = FREQ=WEEKLY;INTERVAL=2;BYDAY=TH
tous les quinze jours = FREQ=WEEKLY;INTERVAL=2
toutes les deux semaines = FREQ=WEEKLY;INTERVAL=2
tous les jours = FREQ=DAILY
chaque mois = FREQ=MONTHLY
tous les 15 du mois = FREQ=MONTHLY;BYMONTHDAY=15
du lundi au vendredi = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
du lundi au vendredi de 9h à 18h = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 09:00-18:00
le premier jeudi de mai = 2013-05-02
le premier jeudi de mai 2014 = 2014-05-01
le dernier samedi de septembre = 2013-09-28
le premier mercredi du mois prochain = 2013-03-06
la semaine du 6 mai 2013 = 2013-05-06/2013-05-12
la première quinzaine d'avril = 2013-04-01/2013-04-15
jusqu'au 15 avril 2013 = /2013-04-15
avant le 5 mars = /2013-03-05
de 19h à 21h = t19:00-21:00
18h30-20h = t18:30-20:00
à 18h30 = t18:30
dès 19h = t19:00
10h/12h = t10:00-12:00
18h = t18:00
RDV à 12h30 au Palais = t12:30
Samedi 16 février et dimanche 17 février 2013 = 2013-02-16 + 2013-02-17
jeudi 15 à 8h = 2013-08-15T08:00
mecredi 20 février 2013 = 2013-02-20
le lendemain du 13 février = 2013-02-14
le **jeudi 16 mai 2013** à **19h** = 2013-05-16T19:00
RDV le 21/03 de 18h30 à 20h30 = 2013-03-21T18:30/2013-03-21T20:30
Les 12/13 mars 2013 = 2013-03-12 + 2013-03-13
Samedi 1er juin (10h-18h) et dimanche 2 juin (10h-17h) = 2013-06-01T10:00/2013-06-01T18:00 + 2013-06-02T10:00/2013-06-02T17:00
tous les mois, le 3e jeudi, à 18h = FREQ=MONTHLY;BYDAY=+3TH 18:00
lundi, mercredi et vendredi de 9h à 12h = FREQ=WEEKLY;BYDAY=MO,WE,FR 09:00-12:00
chaque semaine le mardi à 19h = FREQ=WEEKLY;BYDAY=TU 19:00
jeudi 14 février (matin) = 2013-02-14
le 13 mars au soir = 2013-03-13
jusqu'à fin juin = /2013-06
fin d'année 2012 = 2012
saison 2012-13 = 2012/2013
mercredi dernier, nous étions 25 = 2013-02-06
30 personnes le 12 mars, 45 le 9 avril = 2013-03-12 + 2013-04-09
le mardi 12 mars 2013 de 18 à 20 heures = 2013-03-12T18:00/2013-03-12T20:00
mar. 12 mars, mer. 13 mars = 2013-03-12 + 2013-03-13
le jour de Noël = 2013-12-25
d'ici deux semaines = /2013-02-26
il y a un an = 2012
l'après-midi du 12 février = 2013-02-12
12-14/02/2013 = 2013-02-12/2013-02-14
12/02-14/02/2013 = 2013-02-12/2013-02-14
2ème trimestre 2013 = 2013-04/2013-06
avant jeudi = /2013-02-14
tous les soirs à 20h = FREQ=DAILY 20:00
tous les deux jeudis = FREQ=WEEKLY;INTERVAL=2;BYDAY=TH
les 3,10 et 17 mai = 2013-05-03 + 2013-05-10 + 2013-05-17
du 30 décembre au 3 janvier = 2013-12-30/2014-01-03
du 20 décembre 2013 au 5 janvier = 2013-12-20/2014-01-05
le 29 février 2012 = 2012-02-29
le 5 mai 2013 à 24h = 2013-05-06T00:00
du vendredi 22 février, 18h, au dimanche 24 février, 19h = 2013-02-22T18:00/2013-02-24T19:00
vendredi 22 février (18h) au dimanche 24 février (19h) = 2013-02-22T18:00/2013-02-24T19:00
JEUDI 14 MARS 2013 - 18H30/20H30 = 2013-03-14T18:30/2013-03-14T20:30
salle 3, 10 mai 2013 = 2013-05-10
les 5, 6 mars = 2013-03-05 + 2013-03-06
3, 10, 17 mai = 2013-05-03 + 2013-05-10 + 2013-05-17
les lundi 4 et mardi 5 mars 2013 = 2013-03-04 + 2013-03-05
9h-12h / 14h-17h = t09:00-12:00 + t14:00-17:00
"""

ENGLISH = """
Thursday, May 16, 2013 = 2013-05-16
Thursday, May 16, 2013 at 6:30 p.m. = 2013-05-16T18:30
Thursday May 16th 2013, 6:30pm = 2013-05-16T18:30
Thu, May 16, 2013 6:30 PM = 2013-05-16T18:30
Thurs. May 16 @ 6:30 p.m. = 2013-05-16T18:30
THURSDAY, MAY 16, 2013 – 6:30 PM = 2013-05-16T18:30
May 16, 2013 = 2013-05-16
May 16 = 2013-05-16
May 16th = 2013-05-16
16 May 2013 = 2013-05-16
16th of May 2013 = 2013-05-16
the 16th of May, 2013 = 2013-05-16
Thursday 16 May 2013 at 18:30 = 2013-05-16T18:30
May 16, 2013 (Thursday) = 2013-05-16
May 16, 2013, Thursday = 2013-05-16
Sept. 12, 2013 = 2013-09-12
Sep 12 = 2013-09-12
Jan. 8, 2013, 9 a.m. = 2013-01-08T09:00
Dec 5, 2012 = 2012-12-05
Feburary 19, 2013 = 2013-02-19
Wendesday, March 6, 2013 = 2013-03-06
May 16, 2013, 6:30 – 8 p.m. = 2013-05-16T18:30/2013-05-16T20:00
May 16, 2013, 6:30-8:00pm = 2013-05-16T18:30/2013-05-16T20:00
May 16, 2013 from 6 to 8 p.m. = 2013-05-16T18:00/2013-05-16T20:00
May 16, 2013 from 6:00 PM to 8:00 PM = 2013-05-16T18:00/2013-05-16T20:00
May 16, 2013, 10 a.m. to noon = 2013-05-16T10:00/2013-05-16T12:00
May 16, 2013, 11 - 1 p.m. = 2013-05-16T11:00/2013-05-16T13:00
May 16, 2013, 9am-5pm = 2013-05-16T09:00/2013-05-16T17:00
May 16, 2013 at noon = 2013-05-16T12:00
May 16, 2013, 12 noon = 2013-05-16T12:00
May 16, 2013, 12:00 p.m. = 2013-05-16T12:00
May 16, 2013, 12:30 a.m. = 2013-05-16T00:30
May 16, 2013 8:00 P.M. = 2013-05-16T20:00
May 16, 2013 8PM = 2013-05-16T20:00
May 16, 2013 8p.m. = 2013-05-16T20:00
May 16, 2013 at 7 o'clock = 2013-05-16T07:00
May 16, 2013 at 7 in the evening = 2013-05-16T19:00
May 16, 2013 10 pm - 2 am = 2013-05-16T22:00/2013-05-17T02:00
6:30 p.m. on Thursday, May 16 = 2013-05-16T18:30
7pm, May 16, 2013 = 2013-05-16T19:00
1:30 p.m. on Wednesday May 8, 2013 = 2013-05-08T13:30
June 5-7, 2013 = 2013-06-05/2013-06-07
5-7 June 2013 = 2013-06-05/2013-06-07
June 5 - 7, 2013 = 2013-06-05/2013-06-07
June 5 – July 2, 2013 = 2013-06-05/2013-07-02
June 5 to July 2, 2013 = 2013-06-05/2013-07-02
June 5, 2013 - June 7, 2013 = 2013-06-05/2013-06-07
from June 5 through June 7 = 2013-06-05/2013-06-07
between June 5 and June 7, 2013 = 2013-06-05/2013-06-07
December 28 - January 3, 2014 = 2013-12-28/2014-01-03
Saturday, June 1-2, 2013 = 2013-06-01/2013-06-02
June 5, 6 p.m. – June 6, 2 a.m. = 2013-06-05T18:00/2013-06-06T02:00
May 3, 10 & 17 = 2013-05-03 + 2013-05-10 + 2013-05-17
May 3, 10 and 17, 2013 = 2013-05-03 + 2013-05-10 + 2013-05-17
May 3, 10, 17 & 24 at 7 p.m. = 2013-05-03T19:00 + 2013-05-10T19:00 + 2013-05-17T19:00 + 2013-05-24T19:00
January 10, February 14 and March 14, 2012 = 2012-01-10 + 2012-02-14 + 2012-03-14
May 3 and June 7, 2013 = 2013-05-03 + 2013-06-07
2013-05-16 = 2013-05-16
2013-05-16 18:30:00 = 2013-05-16T18:30
May 2013 = 2013-05
in May = 2013-05
early May = 2013-05
late 2012 = 2012
since 2011 = 2011
spring 2013 = 2013-03-21/2013-06-20
last summer = 2012-06-21/2012-09-22
Jan-Mar 2013 = 2013-01/2013-03
today = 2013-02-12
tomorrow at 7pm = 2013-02-13T19:00
tomorrow night = 2013-02-13
yesterday = 2013-02-11
tonight at 8 p.m. = 2013-02-12T20:00
this evening = 2013-02-12
next Tuesday = 2013-02-19
this Thursday at 7 pm = 2013-02-14T19:00
last Friday = 2013-02-08
Thursday = 2013-02-14
Thursday at 6pm = 2013-02-14T18:00
next week = 2013-02-18/2013-02-24
last week = 2013-02-04/2013-02-10
this weekend = 2013-02-16/2013-02-17
next month = 2013-03
last year = 2012
in two weeks = 2013-02-26
two weeks ago = 2013-01-29
three years ago = 2010
a week ago = 2013-02-05
the day after tomorrow = 2013-02-14
every Tuesday = FREQ=WEEKLY;BYDAY=TU
every Tuesday at 7pm = FREQ=WEEKLY;BYDAY=TU 19:00
every 2nd Tuesday = FREQ=MONTHLY;BYDAY=+2TU
every other Thursday = FREQ=WEEKLY;INTERVAL=2;BYDAY=TH
Tuesdays at 7 p.m. = FREQ=WEEKLY;BYDAY=TU 19:00
Mondays and Wednesdays, 6-8 p.m. = FREQ=WEEKLY;BYDAY=MO,WE 18:00-20:00
the first Thursday of the month = FREQ=MONTHLY;BYDAY=+1TH
the second Tuesday of each month at 6:30 p.m. = FREQ=MONTHLY;BYDAY=+2TU 18:30
1st and 3rd Mondays of every month = FREQ=MONTHLY;BYDAY=+1MO,+3MO
last Friday of the month = FREQ=MONTHLY;BYDAY=-1FR
2nd Wednesday of the month @ 8:30am = FREQ=MONTHLY;BYDAY=+2WE 08:30
at 10:00 a.m. on the third Wednesday of each month = FREQ=MONTHLY;BYDAY=+3WE 10:00
the second Monday of January, April, July and October = FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=+2MO
Monday - Friday 8:30 AM to 4:30 PM = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 08:30-16:30
Monday through Friday = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every two weeks = FREQ=WEEKLY;INTERVAL=2
every month = FREQ=MONTHLY
first Thursday in May 2013 = 2013-05-02
the last Friday in June = 2013-06-28
the week of May 6, 2013 = 2013-05-06/2013-05-12
until June 7, 2013 = /2013-06-07
by March 1 = /2013-03-01
6:30 p.m. = t18:30
6-8 p.m. = t18:00-20:00
from 6:00 to 8:00 pm = t18:00-20:00
8 am – noon = t08:00-12:00
1:30 = t13:30
9:00 = t09:00
18:30 = t18:30
Wednesday - May 1st, 10 a.m. = 2013-05-01T10:00
Tuesday, May 14, 2013........1:30 = 2013-05-14T13:30
18sep10:00 am = 2013-09-18T10:00
Jan 8 & 22, Feb 12 & 26 = 2013-01-08 + 2013-01-22 + 2013-02-12 + 2013-02-26
January 8 and 22; February 5 and 19, 2012 = 2012-01-08 + 2012-01-22 + 2012-02-05 + 2012-02-19
March 5, 2013, 9:30 a.m. - March 7, 2013, 4 p.m. = 2013-03-05T09:30/2013-03-07T16:00
Mon., Wed. and Fri. at 7 p.m. = FREQ=WEEKLY;BYDAY=MO,WE,FR 19:00
Monthly on the 2nd Tuesday at 7pm = FREQ=MONTHLY;BYDAY=+2TU 19:00
Wednesday, March 6, 10a = 2013-03-06T10:00
Tue Feb 26 7:00 pm - 9:00 pm = 2013-02-26T19:00/2013-02-26T21:00
Friday, March 8 — Sunday, March 10, 2013 = 2013-03-08/2013-03-10
Monday 4th March, 7.30pm = 2013-03-04T19:30
14-Mar-13 = 2013-03-14
may 9, 2013 = 2013-05-09
Mar 6, 2013 = 2013-03-06
by the end of March = /2013-03
noon-1pm Wednesday, March 6 = 2013-03-06T12:00/2013-03-06T13:00
2012/2013 Meetings = 2012/2013
New Year's Eve = 2013-12-31
Sat Oct 5 07:07:01 2013 = 2013-10-05T07:07
Version 3, 29 June 2007 = 2007-06-29
Version 3.1, 31 March 2009 = 2009-03-31
"""

AMERICAN = """
5/16/2013 = 2013-05-16
05/16/13 6:30 PM = 2013-05-16T18:30
11/12/12 = 2012-11-12
16/05/2013 = 2013-05-16
5.16.13 = 2013-05-16
5-16-2013 = 2013-05-16
Thursday 5/16 at 6:30 p.m. = 2013-05-16T18:30
on 5/16 = 2013-05-16
3/14, 3/21 and 3/28 = 2013-03-14 + 2013-03-21 + 2013-03-28
3/14 - 3/16 = 2013-03-14/2013-03-16
"""

# Only where nothing else stands: within a sentence these would be guesses.
WHOLE = """
le 2 = 2013-03-02
le 16 à 18h = 2013-02-16T18:00
17/2 = 2013-02-17
17 02 2014 = 2014-02-17
17 2 = 2013-02-17
mars = 2013-03
Mai = 2013-05
du 13 au 18 = 2013-02-13/2013-02-18
lun. = 2013-02-18
Jeu 15:12 = 2013-02-14T15:12
31 octobre 74 = 1974-10-31
2013-05 = 2013-05
Noël = 2013-12-25
14h = t14:00
midi = t12:00
dix-huit heures = t18:00
"""

# What is written now and then and not read, or not all of it: seven beside the four hundred above.
MISSED = """
a fortnight ago = 2013-01-29
2013 March 14 = 2013-03-14
lundi de Pâques 2013 = 2013-04-01
Thursday week = 2013-02-21
20130314T193000 = 2013-03-14T19:30
the first Tuesday after the first Monday in November = 2013-11-05
10:00 AM, March 5, 2013, 2:00 PM, March 6, 2013 = 2013-03-05T10:00 + 2013-03-06T14:00
"""

NOT_DATES = """
02 97 12 34 56
02.97.12.34.56
+33 2 97 12 34 56
0297123456
(312) 744-4000
312.744.4000
3,10 €
12.50 €
de 12 à 15 €
$12.50
1 234,56
version 1.2.3
Python 3.11.2
v2.10.12
192.168.12.11
12 rue de la République
place du 8 mai
121 N. LaSalle Street, Room 201
Suite 1100
salle 12
sections 3-5
pages 12-15
score 3-2
3/4 des membres
24/7
24h/24
une durée de 2h
pendant 3 heures
en 48 heures
35 heures par semaine
1er étage
la 2e édition
le 1er prix
Il a 20 ans
mon ordinateur
You may march on
la mer et le jeu
Mar Lavan
© 2013
charges de 2000 pages
R2013-05
H264
10 000 m2
1 place Mozart
article L. 2012-3
72 %
2 + 2
un mois
deux trois minutes
74
dans les années 2000
1/2 - 3/4 cup
page 1/12
Room 10A
may be cancelled
Ordinance 2013-12
1-800-555-0199
60602
marché de Noël
(3rd Wednesday)
le 31 avril 2013
le 29 février 2013
32/01/2013
2013-02-30
urllib3==1.26.16
in the early 1990s
XN--MGBAAM7A8H
un samedi par mois
en après-midi
le 2 de la rue
le 16 à Lorient
le second mercredi
"""


def told(expression: Expression) -> str:
    """Return an expression in the table's short form."""
    hours = "-".join(filter(None, (expression.time, expression.time_end)))
    if expression.rule:
        return f"{expression.rule} {hours}".strip()
    if expression.start is None and expression.finish is None:
        return f"t{hours}"
    return f"{expression.start or ''}{'/' + expression.finish if expression.finish else ''}"


def rows(table: str) -> list[tuple[str, str]]:
    return [tuple(line.rsplit(" = ", 1)) for line in table.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "expected"), rows(FRENCH))
def test_french(text: str, expected: str) -> None:
    assert " + ".join(told(one) for one in find(text, REFERENCE, "fr")) == expected


@pytest.mark.parametrize(("text", "expected"), rows(ENGLISH))
def test_english(text: str, expected: str) -> None:
    assert " + ".join(told(one) for one in find(text, REFERENCE, "en")) == expected


@pytest.mark.parametrize(("text", "expected"), rows(AMERICAN))
def test_american_order(text: str, expected: str) -> None:
    assert " + ".join(told(one) for one in find(text, REFERENCE, "en", order="MDY")) == expected


@pytest.mark.parametrize(("text", "expected"), rows(WHOLE))
def test_what_is_a_date_only_when_it_stands_alone(text: str, expected: str) -> None:
    expression = parse(text, REFERENCE, "fr")
    assert expression is not None
    assert told(expression) == expected


@pytest.mark.xfail(reason="known misses", strict=True)
@pytest.mark.parametrize(("text", "expected"), rows(MISSED))
def test_what_is_missed(text: str, expected: str) -> None:
    assert " + ".join(told(one) for one in find(text, REFERENCE)) == expected


@pytest.mark.parametrize("text", NOT_DATES.strip().splitlines())
@pytest.mark.parametrize("language", ["fr", "en", None])
def test_what_is_no_date(text: str, language: str | None) -> None:
    assert [one.text for one in find(text, REFERENCE, language)] == []


@pytest.mark.parametrize(("text", "expected"), rows(FRENCH) + rows(ENGLISH))
def test_the_language_need_not_be_told(text: str, expected: str) -> None:
    if text in ("1:30", "Tuesday, May 14, 2013........1:30"):  # the twelve-hour clock is English
        return
    assert " + ".join(told(one) for one in find(text, REFERENCE)) == expected
